import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { invalidate } from "../../lib/query";
import { nameOf, type User } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Icon } from "../../ui/Icon";
import { Secret } from "../../ui/Secret";
import { say } from "../../ui/Toasts";
import { Username } from "../accounts/Credentials";
import { Password } from "../accounts/Password";
import { PickRoles } from "../roles/PickRoles";
import { roles } from "../roles/roles";
import { take } from "./people";

const alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A password to hand over: 16 letters and digits that cannot be mistaken for each other. */
const invent = (): string =>
  [...crypto.getRandomValues(new Uint32Array(16))].map((value) => alphabet[value % alphabet.length]).join("");

export function CreateUser({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [fields, setFields] = useState({ username: "", email: "", display_name: "", password: "" });
  const [generated, setGenerated] = useState(false);
  const [made, setMade] = useState<User | null>(null);
  const [given, setGiven] = useState<readonly string[]>([]);
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const { username, email, display_name, password } = fields;
  const body = {
    username: username.trim(),
    email: email.trim(),
    ...(display_name.trim() ? { display_name: display_name.trim() } : {}),
    ...(password ? { password } : {}),
    ...(given.length > 0 ? { roles: given } : {}),
  };
  const { busy, problem, submit } = useSubmit(body, async (key) => {
    const user = take(await post("/users", body, { key }), Date.now());
    invalidate("users");
    say("users.created", { user: nameOf(user) });
    if (generated) return setMade(user);
    navigate(`/panel/members/${user.id}`, { replace: true });
  });
  // Opened by its address the dialog waits for what there is to choose from, rather than grow under the hand.
  const known = useStore(roles, (all) => all.loaded);
  if (!known) return null;
  if (made) {
    const done = () => navigate(`/panel/members/${made.id}`, { replace: true });
    return (
      <Dialog
        title={t("users.created", { user: nameOf(made) })}
        onClose={done}
        actions={<Button look="primary" onClick={done}>{t("users.passwordKept")}</Button>}
      >
        <div className="stack tight">
          <p className="notice">
            <Icon name="info" />
            {t("users.passwordOnce")}
          </p>
          <Secret label={t("users.generated")} text={password} />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("users.add")} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <div className="form-grid">
          <Username
            autoComplete="off"
            value={fields.username}
            fault={problem?.fault("username")}
            onChange={set("username")}
          />
          <TextField
            label={t("user.displayName")}
            optional={t("common.optional")}
            autoComplete="off"
            value={fields.display_name}
            fault={problem?.fault("display_name")}
            onChange={set("display_name")}
          />
        </div>
        <TextField
          label={t("user.email")}
          type="email"
          autoComplete="off"
          required
          value={fields.email}
          fault={problem?.fault("email")}
          onChange={set("email")}
        />
        {generated
          ? (
            <div className="stack tight">
              <Secret label={t("users.generated")} text={fields.password} />
              <div className="form-actions start">
                <Button onClick={() => setFields({ ...fields, password: invent() })}>{t("users.generateAgain")}</Button>
                <Button
                  look="quiet"
                  onClick={() => {
                    setGenerated(false);
                    setFields({ ...fields, password: "" });
                  }}
                >
                  {t("users.typePassword")}
                </Button>
              </div>
            </div>
          )
          : (
            <div className="with-button">
              <Password
                label={t("signIn.password")}
                hint={`${t("setUp.passwordHint")} ${t("users.passwordHint")}`}
                autoComplete="new-password"
                value={fields.password}
                fault={problem?.fault("password")}
                onChange={set("password")}
              />
              <Button
                onClick={() => {
                  setGenerated(true);
                  setFields({ ...fields, password: invent() });
                }}
              >
                {t("users.generate")}
              </Button>
            </div>
          )}
        <PickRoles
          legend={t("nav.roles")}
          chosen={given}
          fault={problem?.fault("roles")}
          onChange={setGiven}
        />
        <FormFoot verb={t("users.createSubmit")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
