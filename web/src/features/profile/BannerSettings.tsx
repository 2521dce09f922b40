import { useEffect, useRef, useState } from "react";
import { patch } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { say, sayProblem } from "../../ui/Toasts";
import { useSession } from "../accounts/session";
import { Banner } from "./Banner";
import { hueOf, profileKey, useProfile } from "./profile";

/** Milliseconds without a move of the slider after which its colour is saved. */
const settled = 700;

/** The colour of my banner: shown at once, saved when the slider rests, and undone from the message. */
export function BannerSettings() {
  const t = useWords();
  const { user } = useSession();
  const { data: profile } = useProfile(user.username);
  const own = hueOf(user.id);
  const saved = profile?.hue ?? null;
  const [chosen, setChosen] = useState<number | null>(null);
  /** The save that waits until the slider rests. Leaving the page saves, too. */
  const waiting = useRef<{ timer: number; keep: () => void } | null>(null);
  useEffect(() => () => waiting.current?.keep(), []);
  const keep = async (hue: number | null, before: number | null) => {
    try {
      await patch("/users/me", { banner_hue: hue });
      say("banner.saved", {}, hue === before ? undefined : () => void keep(before, before));
    } catch (error) {
      sayProblem(asProblem(error), () => void keep(hue, before));
    }
    setChosen(null);
    invalidate(profileKey(user.username));
  };
  const choose = (hue: number) => {
    setChosen(hue);
    clearTimeout(waiting.current?.timer);
    const now = () => {
      clearTimeout(waiting.current?.timer);
      waiting.current = null;
      void keep(hue, saved);
    };
    waiting.current = { timer: window.setTimeout(now, settled), keep: now };
  };
  const shown = chosen ?? saved ?? own;
  return (
    <section className="field" aria-labelledby="banner-title">
      <h2 id="banner-title">{t("banner.title")}</h2>
      <p className="hint">{t("banner.hint")}</p>
      <Banner hue={shown} seed={own} className="small" />
      <input
        type="range"
        className="hue-range"
        min={0}
        max={359}
        aria-label={t("banner.hue")}
        value={shown}
        disabled={profile === undefined}
        onChange={(event) => choose(Number(event.target.value))}
      />
    </section>
  );
}
