import "./overwrites.css";
import { useEffect, useId, useState } from "react";
import { del, get, type Page, put } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { type Choice, choiceOf, choose } from "../../lib/permissions";
import { asProblem } from "../../lib/problem";
import { amend, invalidate, useQuery } from "../../lib/query";
import { asKeys, asRaw, asText, nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { Segmented } from "../../ui/Segmented";
import { ErrorState, Skeleton } from "../../ui/States";
import { sayProblem } from "../../ui/Toasts";
import { useCard, wantCard } from "../presence/cards";
import { loadRoles, roles } from "../roles/roles";
import { PickPeople } from "./PickPeople";

interface Overwrite {
  kind: "role" | "user";
  id: string;
  permissions: readonly string[];
  denied: readonly string[];
}

const keys = ["chat.read", "chat.write", "chat.moderate", "chat.mention_everyone", "channels.manage"] as const;

const readOverwrite = (value: unknown): Overwrite => {
  const raw = asRaw(value);
  return {
    kind: raw["target_kind"] === "user" ? "user" : "role",
    id: asText(raw["target_id"]) ?? "",
    permissions: asKeys(raw["allow"]),
    denied: asKeys(raw["deny"]),
  };
};

interface OverwritesProps {
  /** `channels/<id>`, or `channel-categories/<id>`. */
  place: string;
  title: string;
  hint?: string;
}

/** The overwrites of a channel or category, by role and by person. */
export function Overwrites({ place, title, hint }: OverwritesProps) {
  const t = useWords();
  const heading = useId();
  const key = `overwrites:${place}`;
  const path = `/${place}/overwrites`;
  const { data, problem, reload } = useQuery<Overwrite[]>(
    key,
    (signal) => get<Page<unknown>>(path, {}, signal).then(({ items }) => items.map(readOverwrite)),
  );
  const all = useStore(roles);
  const [person, setPerson] = useState<readonly string[]>([]);
  const [picks, setPicks] = useState(false);
  useEffect(() => {
    if (!roles.get().loaded) void loadRoles();
  }, []);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} shape="line" />;
  const save = async (target: string, next: Pick<Overwrite, "permissions" | "denied"> | null) => {
    amend<Overwrite[]>(
      key,
      (list) => list.flatMap((each) => (each.id !== target ? [each] : next === null ? [] : [{ ...each, ...next }])),
    );
    try {
      if (next === null) await del(`${path}/${target}`);
      else await put(`${path}/${target}`, { allow: next.permissions, deny: next.denied });
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      invalidate(key);
      invalidate("channel-rights");
    }
  };
  const others = Object.values(all.byId)
    .filter(({ id, deleted_at }) => deleted_at === null && !data.some((each) => each.id === id))
    .sort((one, other) => one.name.localeCompare(other.name));
  return (
    <section className="stack tight" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <p className="tiny muted">{hint ?? t("chat.rights.hint")}</p>
      {data.length === 0 && <p className="muted">{t("chat.rights.none")}</p>}
      {data.map((each) => (
        <OverwriteEditor
          key={each.id}
          overwrite={each}
          onChange={(next) => void save(each.id, next)}
        />
      ))}
      <SelectField
        label={t("chat.rights.addRole")}
        value=""
        onChange={(event) => void save(event.target.value, { permissions: ["chat.read"], denied: [] })}
      >
        <option value="" disabled>{t("chat.rights.choose")}</option>
        {others.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </SelectField>
      {picks
        ? (
          <>
            <PickPeople picked={person} onChange={(next) => setPerson(next.slice(-1))} />
            <div className="row">
              <Button onClick={() => setPicks(false)}>{t("common.cancel")}</Button>
              <Button
                look="primary"
                disabled={person.length === 0}
                onClick={() => {
                  setPicks(false);
                  void save(person[0] ?? "", { permissions: ["chat.read"], denied: [] });
                }}
              >
                {t("chat.rights.addPerson")}
              </Button>
            </div>
          </>
        )
        : <Button icon="user" onClick={() => setPicks(true)}>{t("chat.rights.addPerson")}</Button>}
    </section>
  );
}

interface EditorProps {
  overwrite: Overwrite;
  onChange: (next: Pick<Overwrite, "permissions" | "denied"> | null) => void;
}

function OverwriteEditor({ overwrite, onChange }: EditorProps) {
  const t = useWords();
  const all = useStore(roles);
  const isUser = overwrite.kind === "user";
  const card = useCard(isUser ? overwrite.id : null);
  useEffect(() => {
    if (isUser) wantCard(overwrite.id);
  }, [isUser, overwrite.id]);
  const name = isUser ? (card ? nameOf(card) : "…") : all.byId[overwrite.id]?.name ?? "…";
  const grants = { permissions: overwrite.permissions, denied: overwrite.denied };
  return (
    <details className="overwrite">
      <summary>
        <b className="cut">{name}</b>
        <span className="tiny muted num">
          {t("chat.rights.sum", { allow: overwrite.permissions.length, deny: overwrite.denied.length })}
        </span>
      </summary>
      {keys.map((key) => (
        <div key={key} className="overwrite-row">
          <span className="tiny">{t(`chat.right.${key}`)}</span>
          <Segmented<Choice>
            legend={`${name}: ${t(`chat.right.${key}`)}`}
            value={choiceOf(grants, key)}
            onChange={(choice) => onChange(choose(grants, key, choice))}
            segments={[
              { value: "deny", label: t("permissions.deny"), content: "✕" },
              { value: "unset", label: t("permissions.unset"), content: "–" },
              { value: "allow", label: t("permissions.allow"), content: "✓" },
            ]}
            look="marks"
          />
        </div>
      ))}
      <Button look="quiet" icon="trash" onClick={() => onChange(null)}>{t("chat.rights.remove", { name })}</Button>
    </details>
  );
}
