import { useState } from "react";
import { useForm } from "../../lib/form";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { FormProblem } from "../../ui/States";
import { ask, dismiss, type FriendRequest } from "./friends";

const longestNote = 140;
const blank = { to: "", note: "" };

/** The typed username without @, in lower case. */
const usernameOf = (text: string): string => text.trim().replace(/^@/, "").toLowerCase();

export function AddFriend() {
  const t = useWords();
  const [done, setDone] = useState<FriendRequest | null>(null);
  const form = useForm({
    saved: blank,
    guards: false,
    rules: {
      to: (text) => (/^[a-z0-9_.]{2,32}$/.test(usernameOf(text)) ? null : t("friends.add.usernameFault")),
      note: (text) => ([...text.trim()].length <= longestNote ? null : t("friends.add.noteFault")),
    },
    send: async ({ to, note }, key) => {
      setDone(null);
      setDone(await ask(`u_${usernameOf(to)}`, note.trim(), key));
      form.set(blank);
    },
  });
  const { set: _to, ...to } = form.field("to");
  const { set: _note, ...note } = form.field("note");
  return (
    <form ref={form.ref} className="add-friend stack tight" onSubmit={form.submit} noValidate>
      <h2>{t("friends.add.title")}</h2>
      <p className="muted">{t("friends.add.lead")}</p>
      <TextField
        label={t("friends.add.username")}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...to}
      />
      <TextArea
        label={t("friends.add.note")}
        optional={t("common.optional")}
        hint={`${t("friends.add.noteHint")} ${[...note.value].length}/${longestNote}`}
        {...note}
      />
      <FormProblem problem={form.problem} />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy}>{t("friends.add.send")}</Button>
        <span className="tiny muted">{t("friends.add.hint")}</span>
      </div>
      <div role="status">
        {done && (
          <p className="notice ok">
            <Icon name="check" />
            <span className="grow">
              {t(done.state === "accepted" ? "friends.add.accepted" : "friends.add.sent", { name: nameOf(done.to) })}
            </span>
            {done.state === "pending" && (
              <Button
                onClick={() => {
                  dismiss(done, "cancel");
                  setDone(null);
                }}
              >
                {t("friends.cancel")}
              </Button>
            )}
          </p>
        )}
      </div>
    </form>
  );
}
