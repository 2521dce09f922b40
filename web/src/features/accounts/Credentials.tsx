import type { InputHTMLAttributes } from "react";
import { useWords } from "../../lib/i18n";
import type { Problem } from "../../lib/problem";
import { TextField } from "../../ui/Field";
import { NewPassword } from "./Password";

type Name = "username" | "email" | "password";

interface CredentialsProps {
  fields: Record<Name, string>;
  problem: Problem | null;
  set: (name: Name) => (event: { target: { value: string } }) => void;
}

type UsernameProps = InputHTMLAttributes<HTMLInputElement> & { fault: string | undefined };

/** The name of a new account, with what it must be: where the form begins. */
export function Username(props: UsernameProps) {
  const t = useWords();
  return (
    <TextField
      {...props}
      label={t("user.username")}
      hint={t("user.usernameHint")}
      autoCapitalize="none"
      spellCheck={false}
      minLength={2}
      maxLength={32}
      required
      autoFocus
    />
  );
}

/** What a new account is made of: the name, the address, the password. */
export function Credentials({ fields, problem, set }: CredentialsProps) {
  const t = useWords();
  return (
    <>
      <Username
        name="username"
        autoComplete="username"
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
      <NewPassword
        label={t("signIn.password")}
        name="password"
        value={fields.password}
        fault={problem?.fault("password")}
        onChange={set("password")}
      />
    </>
  );
}
