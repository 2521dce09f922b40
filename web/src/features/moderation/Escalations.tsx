import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import { escalationsKey, fetchEscalations, type Rule, saveEscalations } from "./measures";

const spans = ["3600", "86400", "604800", "2592000", ""] as const;

/** The rules that add a sanction after so many others. */
export function Escalations() {
  const t = useWords();
  const { data, problem, reload } = useQuery<Rule[]>(escalationsKey, fetchEscalations);
  return (
    <section className="case-decision" aria-labelledby="escalations">
      <h2 id="escalations">{t("team.rules")}</h2>
      <p className="muted">{t("team.rules.text")}</p>
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : !data
        ? <Skeleton rows={2} />
        : <Rules key={JSON.stringify(data)} of={data} />}
    </section>
  );
}

function Rules({ of }: { of: Rule[] }) {
  const t = useWords();
  const may = useCan("settings.manage");
  const [rules, setRules] = useState(of);
  const { busy, problem, submit } = useSubmit(rules, async (key) => {
    await saveEscalations(rules, key);
    say("team.rules.saved");
  });
  const change = (place: number, part: Partial<Rule>) =>
    setRules(rules.map((rule, index) => (index === place ? { ...rule, ...part } : rule)));
  const isSame = JSON.stringify(rules) === JSON.stringify(of);
  if (!may) {
    return (
      <ul role="list" className="case-list">
        {of.map((rule) => (
          <li key={JSON.stringify(rule)}>
            {t(`team.rules.line.${rule.kind}`, { count: rule.count, days: Math.round(rule.within / 86_400) })}
            {" → "}
            {t(`sanctions.kind.${rule.result}`)}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <form className="form" onSubmit={submit}>
      {rules.length === 0 && <p>{t("team.rules.none")}</p>}
      {rules.map((rule, place) => (
        <fieldset key={place} className="filter-choices escalation">
          <legend>{t("team.rules.number", { number: place + 1 })}</legend>
          <SelectField
            label={t("team.rules.kind")}
            value={rule.kind}
            onChange={(event) => change(place, { kind: event.target.value === "mute" ? "mute" : "warn" })}
          >
            {(["warn", "mute"] as const).map((kind) => (
              <option key={kind} value={kind}>{t(`sanctions.kind.${kind}`)}</option>
            ))}
          </SelectField>
          <TextField
            label={t("team.rules.count")}
            type="number"
            min={2}
            max={100}
            value={rule.count}
            onChange={(event) => change(place, { count: Number(event.target.value) || 2 })}
          />
          <TextField
            label={t("team.rules.days")}
            type="number"
            min={1}
            max={365}
            value={Math.max(1, Math.round(rule.within / 86_400))}
            onChange={(event) => change(place, { within: (Number(event.target.value) || 1) * 86_400 })}
          />
          <SelectField
            label={t("team.rules.result")}
            value={rule.result}
            onChange={(event) => {
              const result = (["mute", "kick", "ban"] as const).find((each) => each === event.target.value) ?? "mute";
              change(place, { result, seconds: result === "kick" ? null : rule.seconds ?? 86_400 });
            }}
          >
            {(["mute", "kick", "ban"] as const).map((kind) => (
              <option key={kind} value={kind}>{t(`sanctions.kind.${kind}`)}</option>
            ))}
          </SelectField>
          {rule.result !== "kick" && (
            <SelectField
              label={t("ban.duration")}
              value={rule.seconds === null ? "" : String(rule.seconds)}
              onChange={(event) => change(place, { seconds: event.target.value ? Number(event.target.value) : null })}
            >
              {[...new Set([...spans, rule.seconds === null ? "" : String(rule.seconds)])].map((each) => (
                <option key={each} value={each}>
                  {each === "" || spans.some((span) =>
                      span === each
                    )
                    ? t(each ? `ban.for.${each as "3600"}` : "ban.for.ever")
                    : `${Math.round(Number(each) / 3600)} h`}
                </option>
              ))}
            </SelectField>
          )}
          <div>
            <Button onClick={() => setRules(rules.filter((_, index) => index !== place))}>
              {t("team.rules.remove")}
            </Button>
          </div>
        </fieldset>
      ))}
      <FormProblem problem={problem} />
      <div className="form-actions">
        {rules.length < 20 && (
          <Button
            icon="plus"
            onClick={() =>
              setRules([...rules, { kind: "warn", count: 3, within: 2_592_000, result: "mute", seconds: 86_400 }])}
          >
            {t("team.rules.add")}
          </Button>
        )}
        <Button type="submit" look="primary" busy={busy} disabled={isSame}>{t("common.save")}</Button>
      </div>
    </form>
  );
}
