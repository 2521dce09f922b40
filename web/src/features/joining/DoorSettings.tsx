import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { type Mode, modes } from "../accounts/door";
import { useCan } from "../accounts/session";
import { fetchSettings, saveSettings, settingsKey, type SiteSettings } from "./joining";

/** How the door stands, and what whoever comes in has to accept. */
export function DoorSettings() {
  const { data, problem, reload } = useQuery(settingsKey, fetchSettings);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={4} />;
  return (
    <div className="stack settings-list">
      <ModeForm of={data} onStale={reload} />
      <RulesForm key={data.rules?.version ?? 0} of={data} onStale={reload} />
    </div>
  );
}

interface PartProps {
  of: SiteSettings;
  /** Somebody else has saved meanwhile: theirs is to be read first. */
  onStale: () => void;
}

function ModeForm({ of, onStale }: PartProps) {
  const t = useWords();
  const manages = useCan("settings.manage");
  const [chosen, setChosen] = useState<Mode>(of.mode);
  const { busy, problem, submit } = useSubmit(chosen, async (key) => {
    await saveSettings({ registration_mode: chosen }, of.version, key);
    say("door.saved");
  });
  return (
    <form className="form" onSubmit={submit} aria-labelledby="door-mode">
      <h2 id="door-mode">{t("door.title")}</h2>
      <fieldset className="choices" disabled={!manages}>
        <legend className="hidden">{t("door.title")}</legend>
        {modes.map((mode) => (
          <label key={mode} className={`choice ${mode === chosen ? "chosen" : ""}`}>
            <input type="radio" name="mode" value={mode} checked={mode === chosen} onChange={() => setChosen(mode)} />
            <span>
              <strong>{t(`door.mode.${mode}`)}</strong>
              <span className="hint">{t(`door.hint.${mode}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {!of.sendsMail && chosen !== "closed" && (
        <p className="notice">
          <Icon name="warning" />
          {t("door.noMail")}
        </p>
      )}
      <FormProblem problem={problem} />
      {problem?.status === 412 && <Button onClick={onStale}>{t("door.reload")}</Button>}
      {manages && (
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={busy} disabled={chosen === of.mode}>{t("common.save")}</Button>
        </div>
      )}
    </form>
  );
}

function RulesForm({ of, onStale }: PartProps) {
  const t = useWords();
  const manages = useCan("settings.manage");
  const [fields, setFields] = useState({ fr: of.rules?.text.fr ?? "", en: of.rules?.text.en ?? "" });
  const texts = { fr: fields.fr.trim(), en: fields.en.trim() };
  const none = !texts.fr && !texts.en;
  const same = texts.fr === (of.rules?.text.fr ?? "") && texts.en === (of.rules?.text.en ?? "");
  const { busy, problem, submit } = useSubmit(texts, async (key) => {
    await saveSettings({ rules: none ? null : texts }, of.version, key);
    say("door.rulesSaved");
  });
  return (
    <form className="form" onSubmit={submit} aria-labelledby="door-rules">
      <h2 id="door-rules">
        {t("join.rules")}{" "}
        {of.rules && <span className="badge">{t("door.version", { version: of.rules.version })}</span>}
      </h2>
      <p className="muted">{t("door.rulesLead")}</p>
      {(["fr", "en"] as const).map((language) => (
        <TextArea
          key={language}
          label={language === "fr" ? "Français" : "English"}
          lang={language}
          rows={6}
          maxLength={20_000}
          readOnly={!manages}
          value={fields[language]}
          fault={problem?.faults.find((fault) => fault.pointer === `/rules/${language}`)?.detail}
          onChange={(event) => setFields({ ...fields, [language]: event.target.value })}
        />
      ))}
      <FormProblem problem={problem} />
      {problem?.status === 412 && <Button onClick={onStale}>{t("door.reload")}</Button>}
      {manages && (
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={busy} disabled={same}>{t("door.saveRules")}</Button>
        </div>
      )}
    </form>
  );
}
