import { useWords } from "../lib/i18n";
import { Icon } from "./Icon";
import { IconButton } from "./Button";

export function SearchBox(
  { label, value, onChange }: { label: string; value: string; onChange: (text: string) => void },
) {
  const t = useWords();
  return (
    <div className="search">
      <Icon name="search" />
      <input
        type="search"
        className="input"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !value) return;
          event.preventDefault();
          onChange("");
        }}
      />
      {value && <IconButton icon="close" size={14} label={t("common.clear")} onClick={() => onChange("")} />}
    </div>
  );
}
