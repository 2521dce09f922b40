import { useState } from "react";
import { Slot } from "../../contract/Part";
import { patch } from "../../lib/api";
import { useForm } from "../../lib/form";
import { type Language, useLanguage, useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Segmented } from "../../ui/Segmented";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { chooseLanguage } from "../accounts/language";
import { useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { ChangeAvatar } from "../users/ChangeAvatar";
import { take } from "../users/people";

export const languages: readonly { value: Language; label: string }[] = [
  { value: "fr", label: "Français" },
  { value: "en", label: "English" },
];

/** How others see me: name, picture, a few words. */
export function Profile() {
  const t = useWords();
  const { user } = useSession();
  const of = useLanguage();
  const [changing, setChanging] = useState(false);
  const form = useForm({
    saved: { display_name: user.display_name ?? "", bio: user.bio ?? "" },
    send: async (values, key) => {
      const askedAt = Date.now();
      const body = { display_name: values.display_name.trim() || null, bio: values.bio.trim() || null };
      take(await patch("/users/me", body, { key }), askedAt);
      say("profile.saved");
    },
  });
  const [name, bio] = [form.field("display_name"), form.field("bio")];
  return (
    <div className="stack settings-list">
      <section className="card account" aria-label={t("avatar.title")}>
        <Avatar user={user} size="large" />
        <div className="who-text">
          <div className="sheet-name">{nameOf(user)}</div>
          <div className="tiny muted cut">@{user.username}{user.email && ` · ${user.email}`}</div>
        </div>
        <Button icon="user" onClick={() => setChanging(true)}>{t("avatar.change")}</Button>
        {changing && <ChangeAvatar user={user} onClose={() => setChanging(false)} />}
      </section>
      <form ref={form.ref} className="form" onSubmit={form.submit} aria-label={t("settings.tab.profile")}>
        <TextField
          label={t("user.displayName")}
          hint={t("profile.nameHint")}
          placeholder={user.username}
          maxLength={64}
          autoComplete="nickname"
          value={name.value}
          fault={name.fault}
          onChange={name.onChange}
        />
        <TextArea
          label={t("user.bio")}
          optional={t("common.optional")}
          rows={4}
          maxLength={2000}
          value={bio.value}
          fault={bio.fault}
          onChange={bio.onChange}
        />
        <FormProblem problem={form.problem} />
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("common.save")}</Button>
          {form.isDirty && <Button look="quiet" onClick={form.reset}>{t("common.cancel")}</Button>}
        </div>
      </form>
      <div className="setting">
        <div>
          <h2>{t("settings.language")}</h2>
          <p className="muted tiny">{t("settings.languageHint")}</p>
        </div>
        <Segmented legend={t("settings.language")} value={of} onChange={chooseLanguage} segments={[...languages]} />
      </div>
      <Slot name="settings.profile" />
    </div>
  );
}
