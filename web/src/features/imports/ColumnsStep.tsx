import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { roleTitle } from "../../lib/roleTitle";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { FormProblem } from "../../ui/States";
import { roles } from "../roles/roles";
import { CancelImport } from "./CancelImport";
import { type Field, fields, type Import, map } from "./imports";

/** Maps columns to fields, and words to roles. */
export function ColumnsStep({ each }: { each: Import }) {
  const t = useWords();
  const [chosen, setChosen] = useState<Readonly<Record<string, Field | "">>>(() => fieldsOf(each));
  const [words, setWords] = useState<Readonly<Record<string, string | null>>>(each.roleNames);
  const known = Object.values(useStore(roles).byId);
  const mapping = Object.fromEntries(
    fields.map((field) => [field, each.columns.find((column) => chosen[column] === field) ?? null]),
  );
  const change = { mapping, role_names: words };
  const { busy, problem, submit } = useSubmit(change, async (key) => {
    const next = await map(each.id, change, key);
    navigate(`/panel/members/import/${next.id}?step=check`, { replace: true });
  });
  const unknown = unknownWords(each);
  const hasEmail = mapping["email"] !== null;
  return (
    <form className="stack" onSubmit={submit}>
      <About each={each} />
      <ul role="list" className="import-map">
        {each.columns.map((column, index) => (
          <li key={column}>
            <span id={`column-${index}`} className="import-column">
              <code>{column}</code>
              <span className="tiny muted cut">{each.samples[column] ?? ""}</span>
            </span>
            <Icon name="right" />
            <Select
              aria-labelledby={`column-${index}`}
              value={chosen[column] ?? ""}
              onChange={(event) => setChosen(choose(chosen, column, event.target.value as Field | ""))}
            >
              <option value="">{t("imports.nothing")}</option>
              {fields.map((field) => <option key={field} value={field}>{t(`imports.field.${field}`)}</option>)}
            </Select>
          </li>
        ))}
      </ul>
      {!hasEmail && (
        <p className="notice" role="status">
          <Icon name="warning" /> {t("imports.emailNeeded")}
        </p>
      )}
      {hasEmail && mapping["username"] === null && (
        <p className="notice">
          <Icon name="info" /> {t("imports.noUsername")}
        </p>
      )}
      {unknown.length > 0 && (
        <fieldset className="card import-words">
          <legend>{t("imports.words")}</legend>
          <p className="hint">{t("imports.wordsHint")}</p>
          <div className="form-grid">
            {unknown.map((word, index) => (
              <div className="field" key={word}>
                <span className="field-label" id={`word-${index}`}>
                  <code>{word}</code>
                </span>
                <Select
                  aria-labelledby={`word-${index}`}
                  value={word in words ? words[word] ?? "none" : ""}
                  onChange={(event) => setWords(mean(words, word, event.target.value))}
                >
                  <option value="">…</option>
                  <option value="none">{t("imports.noRole")}</option>
                  {known.map((role) => <option key={role.id} value={role.id}>{roleTitle(role.name, t)}</option>)}
                </Select>
              </div>
            ))}
          </div>
        </fieldset>
      )}
      <FormProblem problem={problem} />
      <div className="form-actions">
        <CancelImport each={each} />
        <Button type="submit" look="primary" busy={busy} disabled={!hasEmail}>{t("imports.toCheck")}</Button>
      </div>
    </form>
  );
}

function About({ each }: { each: Import }) {
  const t = useWords();
  const separators: Record<string, string> = {
    ",": t("imports.separator.comma"),
    ";": t("imports.separator.semicolon"),
    "\t": t("imports.separator.tab"),
    "|": t("imports.separator.bar"),
  };
  const facts = [
    t("imports.rows", { count: each.total }),
    each.encoding.toUpperCase(),
    separators[each.separator] ?? "JSON",
  ];
  return (
    <div className="import-about">
      <h2 className="cut">{each.name || t("imports.unnamed")}</h2>
      <span className="muted small">{facts.join(", ")}</span>
    </div>
  );
}

const fieldsOf = (each: Import): Record<string, Field | ""> =>
  Object.fromEntries(fields.flatMap((field) => {
    const column = each.mapping[field];
    return column === undefined ? [] : [[column, field]];
  }));

/** A field has one column. */
function choose(
  chosen: Readonly<Record<string, Field | "">>,
  column: string,
  field: Field | "",
): Record<string, Field | ""> {
  const rest = Object.entries(chosen).filter(([name, each]) => name !== column && (field === "" || each !== field));
  return Object.fromEntries([...rest, [column, field]]);
}

function mean(
  words: Readonly<Record<string, string | null>>,
  word: string,
  value: string,
): Record<string, string | null> {
  const rest = Object.fromEntries(Object.entries(words).filter(([each]) => each !== word));
  return value === "" ? rest : { ...rest, [word]: value === "none" ? null : value };
}

/** Words without a role in the first rows with faults, and words that were mapped. */
function unknownWords(each: Import): string[] {
  const words = each.reports.filter(({ faults }) => faults.some(({ code }) => code === "unknown_role"))
    .flatMap(({ values }) => (values.roles ?? "").split(/[;|\n]/).map((word) => word.trim()).filter(Boolean));
  return [...new Set([...Object.keys(each.roleNames), ...words])].slice(0, 50);
}
