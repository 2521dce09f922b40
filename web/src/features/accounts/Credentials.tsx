import { useWords } from "../../lib/i18n";
import type { Problem } from "../../lib/problem";
import { TextField } from "../../ui/Field";
import { Password } from "./Password";

type Name = "username" | "email" | "password";

interface CredentialsProps {
  fields: Record<Name, string>;
  problem: Problem | null;
  set: (name: Name) => (event: { target: { value: string } }) => void;
}

/** What a new account is made of: the name, the address, the password. */
export function Credentials({ fields, problem, set }: CredentialsProps) {
  const t = useWords();
  return (
    <>
      <TextField
        label={t("user.username")}
        hint={t("user.usernameHint")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        minLength={2}
        maxLength={32}
        required
        autoFocus
        value={fields.username}
        fault={problem?.fault("username")}
        onChange={set("username")}
      />
      <TextField
        label={t("user.email")}
        name="email"
        type="email"
        autoComplete="email"
        required
        value={fields.email}
        fault={problem?.fault("email")}
        onChange={set("email")}
      />
      <Password
        label={t("signIn.password")}
        hint={t("setUp.passwordHint")}
        name="password"
        autoComplete="new-password"
        required
        value={fields.password}
        fault={problem?.fault("password")}
        onChange={set("password")}
      />
    </>
  );
}
