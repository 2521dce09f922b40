import { type InputHTMLAttributes, useState } from "react";
import { useWords } from "../../lib/i18n";
import { TextField } from "../../ui/Field";

interface PasswordProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  fault?: string | undefined;
}

/** One that is chosen here, with what it must be. */
export function NewPassword(props: Omit<PasswordProps, "hint">) {
  const t = useWords();
  return <Password {...props} hint={t("setUp.passwordHint")} autoComplete="new-password" required />;
}

/** A password that can be looked at: on phones that spares more mistakes than typing it twice. */
export function Password(props: PasswordProps) {
  const t = useWords();
  const [shown, setShown] = useState(false);
  return (
    <div className="password">
      <TextField {...props} type={shown ? "text" : "password"} autoCapitalize="none" spellCheck={false} />
      <button type="button" className="link reveal" aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? t("signIn.hide") : t("signIn.show")}
        <span className="hidden">{props.label}</span>
      </button>
    </div>
  );
}
