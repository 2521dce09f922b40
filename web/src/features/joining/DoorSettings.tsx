import { useWords } from "../../lib/i18n";
import { useForm } from "../../lib/form";
import { useQuery } from "../../lib/query";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { type Mode, modes } from "../accounts/door";
import { useCan } from "../accounts/session";
import { fetchSettings, saveSettings, settingsKey, type SiteSettings } from "./joining";

/** What the site is called, who may join, and which rules new members accept. */
export function DoorSettings() {
  const { data, problem, reload } = useQuery(settingsKey, fetchSettings);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={4} />;
  return (
    <div className="stack settings-list">
      <NameForm of={data} onStale={reload} />
      <ModeForm of={data} onStale={reload} />
      <RulesForm of={data} onStale={reload} />
    </div>
  );
}

interface PartProps {
  of: SiteSettings;
  /** Somebody else has saved meanwhile: theirs is to be read first. */
  onStale: () => void;
}

function NameForm({ of, onStale }: PartProps) {
  const t = useWords();
  const manages = useCan("settings.manage");
  const form = useForm({
    saved: { site_name: of.siteName ?? "" },
    send: async ({ site_name }, key) => {
      await saveSettings({ site_name: site_name.trim() || null }, of.version, key);
      say("site.nameSaved");
    },
  });
  return (
    <form ref={form.ref} className="form" onSubmit={form.submit} aria-labelledby="site-name">
      <h2 id="site-name">{t("site.name")}</h2>
      <TextField
        label={t("role.name")}
        hint={t("site.nameHint")}
        maxLength={64}
        autoComplete="off"
        readOnly={!manages}
        value={form.values.site_name}
        fault={form.field("site_name").fault}
        onChange={form.field("site_name").onChange}
      />
      <FormProblem problem={form.problem} />
      {form.problem?.status === 412 && <Button onClick={onStale}>{t("door.reload")}</Button>}
      {manages && (
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("common.save")}</Button>
        </div>
      )}
    </form>
  );
}

function ModeForm({ of, onStale }: PartProps) {
  const t = useWords();
  const manages = useCan("settings.manage");
  const form = useForm<{ mode: Mode }>({
    saved: { mode: of.mode },
    send: async ({ mode }, key) => {
      await saveSettings({ registration_mode: mode }, of.version, key);
      say("door.saved");
    },
  });
  const chosen = form.values.mode;
  return (
    <form ref={form.ref} className="form" onSubmit={form.submit} aria-labelledby="door-mode">
      <h2 id="door-mode">{t("door.title")}</h2>
      <fieldset className="choices" disabled={!manages}>
        <legend className="hidden">{t("door.title")}</legend>
        {modes.map((mode) => (
          <label key={mode} className={`choice ${mode === chosen ? "chosen" : ""}`}>
            <input
              type="radio"
              name="mode"
              value={mode}
              checked={mode === chosen}
              onChange={() => form.set({ mode })}
            />
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
      <FormProblem problem={form.problem} />
      {form.problem?.status === 412 && <Button onClick={onStale}>{t("door.reload")}</Button>}
      {manages && (
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("common.save")}</Button>
        </div>
      )}
    </form>
  );
}

const languages = ["fr", "en"] as const;

function RulesForm({ of, onStale }: PartProps) {
  const t = useWords();
  const manages = useCan("settings.manage");
  const form = useForm({
    saved: { fr: of.rules?.text.fr ?? "", en: of.rules?.text.en ?? "" },
    send: async (values, key) => {
      const texts = { fr: values.fr.trim(), en: values.en.trim() };
      await saveSettings({ rules: !texts.fr && !texts.en ? null : texts }, of.version, key);
      say("door.rulesSaved");
    },
  });
  return (
    <form ref={form.ref} className="form" onSubmit={form.submit} aria-labelledby="door-rules">
      <h2 id="door-rules">
        {t("join.rules")}{" "}
        {of.rules && <span className="badge">{t("door.version", { version: of.rules.version })}</span>}
      </h2>
      <p className="muted">{t("door.rulesLead")}</p>
      {languages.map((language) => (
        <TextArea
          key={language}
          label={language === "fr" ? "Français" : "English"}
          lang={language}
          rows={6}
          maxLength={20_000}
          readOnly={!manages}
          value={form.values[language]}
          fault={form.problem?.faults.find((fault) => fault.pointer === `/rules/${language}`)?.detail}
          onChange={form.field(language).onChange}
        />
      ))}
      <FormProblem problem={form.problem} />
      {form.problem?.status === 412 && <Button onClick={onStale}>{t("door.reload")}</Button>}
      {manages && (
        <div className="form-actions start">
          {form.isDirty && <Button onClick={form.reset}>{t("common.cancel")}</Button>}
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("door.saveRules")}</Button>
        </div>
      )}
    </form>
  );
}
