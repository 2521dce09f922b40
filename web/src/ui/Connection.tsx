import { useEffect, useState } from "react";
import { useWords } from "../lib/i18n";
import { gateway } from "../lib/live";
import { useStore } from "../lib/store";
import { Button } from "./Button";
import { Icon } from "./Icon";

/** From so many ms on the latency is worth telling. */
const slow = 500;

/** A dot and a few words: live with its latency, coming back, or off. */
export function ConnectionIndicator() {
  const t = useWords();
  const link = useStore(gateway.link);
  const live = link.state === "live";
  const words = live
    ? (link.way === "socket" ? "link.live" : "link.lesser")
    : link.state === "waiting"
    ? "link.waiting"
    : "link.connecting";
  return (
    <span
      role="group"
      aria-label={t("link.label")}
      className={`link-state ${live ? "live" : "down"}`}
      data-state={link.state}
    >
      <i aria-hidden="true" />
      <span className="num">
        {t(words)}
        {live && link.latency !== null && link.latency >= slow && (
          <span className="latency">{` · ${t("link.latency", { ms: link.latency })}`}</span>
        )}
      </span>
    </span>
  );
}

/** Says that what is on screen may be old, once it has lasted more than a hiccup. */
export function ConnectionBanner() {
  const t = useWords();
  const link = useStore(gateway.link);
  const down = link.state === "waiting" || (link.state === "connecting" && link.attempt > 0);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!down) return setShown(false);
    const timer = setTimeout(() => setShown(true), 2_000);
    return () => clearTimeout(timer);
  }, [down]);
  return (
    <div role="status" className={shown ? "banner" : "hidden"}>
      {shown && (
        <>
          <Icon name="warning" />
          <span>{t("link.banner")} {link.retryAt !== null && <Countdown until={link.retryAt} />}</span>
          <Button onClick={() => gateway.retryNow()}>{t("link.retryNow")}</Button>
        </>
      )}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const t = useWords();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((turn) => turn + 1), 500);
    return () => clearInterval(timer);
  }, []);
  // The seconds are for the eye alone: spoken each time, they would drown the rest.
  return (
    <span aria-hidden="true">{t("link.retryIn", { count: Math.max(0, Math.ceil((until - Date.now()) / 1_000)) })}</span>
  );
}
