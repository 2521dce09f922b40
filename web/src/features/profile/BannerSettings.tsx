import { patch } from "../../lib/api";
import { useForm } from "../../lib/form";
import { useWords } from "../../lib/i18n";
import { invalidate } from "../../lib/query";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { useSession } from "../accounts/session";
import { Banner } from "./Banner";
import { hueOf, profileKey, useProfile } from "./profile";

/** The colour at the top of my profile, chosen on the wheel and seen at once. */
export function BannerSettings() {
  const t = useWords();
  const { user } = useSession();
  const { data: profile } = useProfile(user.username);
  const own = hueOf(user.id);
  const form = useForm({
    saved: { banner_hue: profile?.hue ?? own },
    send: async (values, key) => {
      await patch("/users/me", values, { key });
      invalidate(profileKey(user.username));
      say("banner.saved");
    },
  });
  const hue = form.field("banner_hue");
  return (
    <form ref={form.ref} className="form" onSubmit={form.submit} aria-label={t("banner.title")}>
      <div className="field">
        <label htmlFor="banner-hue">{t("banner.title")}</label>
        <Banner hue={hue.value} seed={own} className="small" />
        <input
          id="banner-hue"
          type="range"
          className="hue-range"
          min={0}
          max={359}
          aria-label={t("banner.hue")}
          value={hue.value}
          onChange={(event) => hue.set(Number(event.target.value))}
        />
        <p className="hint">{t("banner.hint")}</p>
      </div>
      <FormProblem problem={form.problem} />
      <div className="form-actions start">
        <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("common.save")}</Button>
        {form.isDirty && <Button look="quiet" onClick={form.reset}>{t("common.cancel")}</Button>}
      </div>
    </form>
  );
}
