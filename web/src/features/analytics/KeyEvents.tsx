import { useEffect, useRef, useState } from "react";
import { get } from "../../lib/api";
import { gateway } from "../../lib/live";
import { type Key, useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { asList, asRaw } from "../../lib/resources";
import { Icon, type IconName } from "../../ui/Icon";
import { Rich } from "../../ui/Rich";
import { ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { type KeyEvent, readEvent } from "./measures";

const most = 60;
/** Messages are counted, not listed. */
const listed = [
  "auth.login",
  "user.created",
  "role.assigned",
  "role.revoked",
  "role.created",
  "role.updated",
  "role.deleted",
  "user.banned",
  "user.unbanned",
  "media.favorite",
  "media.like",
];

const looks: Readonly<Record<string, { icon: IconName; sentence: Key; alone?: Key }>> = {
  "auth.login": { icon: "out", sentence: "analytics.event.login" },
  "user.created": { icon: "addFriend", sentence: "analytics.event.created" },
  "role.assigned": { icon: "roles", sentence: "analytics.event.assigned", alone: "analytics.event.assigned.alone" },
  "role.revoked": { icon: "roles", sentence: "analytics.event.revoked", alone: "analytics.event.revoked.alone" },
  "role.created": { icon: "roles", sentence: "analytics.event.roleCreated" },
  "role.updated": { icon: "roles", sentence: "analytics.event.roleUpdated" },
  "role.deleted": { icon: "roles", sentence: "analytics.event.roleDeleted" },
  "user.banned": { icon: "ban", sentence: "analytics.event.banned", alone: "analytics.event.banned.alone" },
  "user.unbanned": { icon: "ban", sentence: "analytics.event.unbanned", alone: "analytics.event.unbanned.alone" },
  "media.favorite": { icon: "star", sentence: "analytics.event.favorite" },
  "media.like": { icon: "heart", sentence: "analytics.event.like" },
};

/** What people do, as they do it. */
export function KeyEvents({ paused }: { paused: boolean }) {
  const t = useWords();
  const { events, problem, reload } = useKeyEvents(paused);
  return (
    <>
      <h2 className="events-title">{t("analytics.events")}</h2>
      {problem && !events && <ErrorState problem={problem} onRetry={reload} />}
      {!events && !problem && <Skeleton rows={8} shape="line" />}
      {events?.length === 0 && <p className="small muted">{t("analytics.events.none")}</p>}
      {events && events.length > 0 && (
        <ul className="key-events" role="list" aria-label={t("analytics.events")}>
          {events.map((event) => <EventRow key={event.id} event={event} />)}
        </ul>
      )}
    </>
  );
}

function EventRow({ event }: { event: KeyEvent }) {
  const t = useWords();
  const look = looks[event.type];
  if (!look) return null;
  const somebody = t("analytics.somebody");
  const sentence = event.userName === null && look.alone ? look.alone : look.sentence;
  return (
    <li>
      <span className="event-mark">
        <Icon name={look.icon} />
      </span>
      <p>
        <Rich
          say={sentence}
          parts={{
            user: <b>{event.userName ?? somebody}</b>,
            about: <b>{event.aboutName ?? somebody}</b>,
            role: <b>{event.roleName ?? t("analytics.aRole")}</b>,
          }}
        />
      </p>
      <span className="tiny muted num">
        <Time at={event.at} />
      </span>
    </li>
  );
}

function useKeyEvents(paused: boolean) {
  const [events, setEvents] = useState<readonly KeyEvent[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const current = useRef<readonly KeyEvent[]>([]);
  const isPaused = useRef(paused);
  const read = useRef<() => void>(() => undefined);
  useEffect(() => {
    isPaused.current = paused;
    if (!paused && events) setEvents(current.current);
  }, [paused]);
  useEffect(() => {
    const stop = new AbortController();
    const show = (more: readonly KeyEvent[]) => {
      const known = new Set(current.current.map(({ id }) => id));
      const all = [...more.filter(({ id }) => !known.has(id)), ...current.current];
      current.current = all.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, most);
      if (!isPaused.current) setEvents(current.current);
    };
    const load = async () => {
      try {
        const page = asRaw(await get("/analytics/events", { limit: 40, type: listed.join() }, stop.signal));
        setProblem(null);
        show(asList(page["items"]).map(readEvent));
      } catch (error) {
        if (!stop.signal.aborted) setProblem(asProblem(error));
      }
    };
    read.current = () => void load();
    const leave = gateway.subscribe("analytics", () => void load());
    const unlisten = gateway.on("analytics.event", (frame) => {
      const event = readEvent(frame["event"]);
      if (listed.includes(event.type)) show([event]);
    }, "analytics");
    void load();
    return () => {
      stop.abort();
      leave();
      unlisten();
    };
  }, []);
  return { events, problem, reload: () => read.current() };
}
