import { get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { asRaw, asStatus, asText, type Status } from "../../lib/resources";
import { More } from "../../ui/More";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { StatusMark } from "./StatusMark";

const causes = ["connected", "disconnected", "silent", "idle", "active", "session_ended"] as const;

interface Move {
  from: Status;
  to: Status;
  cause: (typeof causes)[number] | null;
  at: string | null;
}

function readMove(value: unknown): Move {
  const raw = asRaw(value);
  return {
    from: asStatus(raw["from"]) ?? "offline",
    to: asStatus(raw["to"]) ?? "offline",
    cause: causes.find((each) => each === raw["cause"]) ?? null,
    at: asText(raw["at"]),
  };
}

async function fetchMoves(userId: string, cursor: string | null): Promise<Page<Move>> {
  const page = await get<Page<unknown>>(`/users/${userId}/presence/history`, { limit: 50, cursor });
  return { ...page, items: page.items.map(readMove) };
}

/** Somebody's comings and goings, newest first. */
export function PresenceHistory({ userId }: { userId: string }) {
  const t = useWords();
  const list = usePages<Move>(`user:${userId}:presence`, (cursor) => fetchMoves(userId, cursor), {
    about: [`user:${userId}`],
  });
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={5} shape="line" />;
  if (list.pages.items.length === 0) {
    return <EmptyState icon="clock" title={t("history.presenceNone.title")} text={t("history.presenceNone.text")} />;
  }
  return (
    <>
      <ol role="list" className="moves">
        {list.pages.items.map((move, index) => (
          <li key={`${move.at}-${index}`}>
            <StatusMark status={move.from} silent />
            <span className="muted">{t(`status.${move.from}`)}</span>
            <span aria-hidden="true">→</span>
            <StatusMark status={move.to} silent />
            <span>{t(`status.${move.to}`)}</span>
            {move.cause && <span className="tiny muted">{t(`history.cause.${move.cause}`)}</span>}
            <span className="tiny muted when">
              <Time at={move.at} />
            </span>
          </li>
        ))}
      </ol>
      <More list={list} />
    </>
  );
}
