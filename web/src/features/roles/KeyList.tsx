import "./key-list.css";
import { type Key, useLanguage, useWords } from "../../lib/i18n";
import { describe, usePermissions } from "./registry";

/** Permissions in words, each with its key, after a word that says what becomes of them. */
export function KeyList({ say, keys, sign }: { say: Key; keys: readonly string[]; sign: "+" | "−" | "" }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  if (keys.length === 0) return null;
  return (
    <div className="key-list tiny">
      <span className={`key-list-word ${sign === "+" ? "plus" : sign ? "minus" : ""}`}>{sign} {t(say)}</span>
      <ul role="list">
        {keys.map((key) => (
          <li key={key}>
            {describe(registry, key, of)} <code>{key}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
