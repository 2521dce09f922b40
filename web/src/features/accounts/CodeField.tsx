import { useWords } from "../../lib/i18n";
import { TextField } from "../../ui/Field";

interface CodeFieldProps {
  value: string;
  fault: string | undefined;
  onChange: (code: string) => void;
  /** Whether a recovery code does, too. */
  recovery?: boolean;
  autoFocus?: boolean;
}

/** The six digits of the authenticator app; letters must be possible where a recovery code may stand for them. */
export function CodeField({ value, fault, onChange, recovery = false, autoFocus = false }: CodeFieldProps) {
  const t = useWords();
  return (
    <TextField
      label={t("factor.code")}
      hint={recovery ? t("factor.codeOrRecovery") : t("factor.codeHint")}
      name="otp"
      autoComplete="one-time-code"
      inputMode={recovery ? "text" : "numeric"}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={recovery ? 24 : 7}
      required
      autoFocus={autoFocus}
      value={value}
      fault={fault}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
