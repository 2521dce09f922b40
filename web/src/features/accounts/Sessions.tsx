import { useEffect } from "react";
import { del, get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { amend, invalidate, useQuery } from "../../lib/query";
import { asRaw, asText, type Raw } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { useSession } from "./session";

interface SessionRow {
  id: string;
  label: string | null;
  ip: string | null;
  createdAt: string | null;
  lastUsedAt: string | null;
  current: boolean;
}

function readRow(value: unknown): SessionRow {
  const raw: Raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    label: asText(raw["label"]) ?? asText(raw["user_agent"]),
    ip: asText(raw["ip"]),
    createdAt: asText(raw["created_at"]),
    lastUsedAt: asText(raw["last_used_at"]),
    current: raw["current"] === true,
  };
}

/** Ends some of those that stand under a key; they are gone at once, and come back when the server refuses. */
async function endSessions(key: string, ended: readonly SessionRow[]): Promise<void> {
  const before = amend<SessionRow[]>(key, (rows) => rows.filter((each) => !ended.includes(each)));
  try {
    for (const row of ended) await end(row);
    if (ended.length === 1) say("sessions.ended");
    else say("sessions.endedAll", { count: ended.length });
  } catch (error) {
    if (before) amend<SessionRow[]>(key, () => before);
    sayProblem(asProblem(error));
  } finally {
    invalidate(key);
  }
}

/** One that is over already is what was wanted. */
async function end(row: SessionRow): Promise<void> {
  try {
    await del(`/auth/sessions/${row.id}`);
  } catch (error) {
    if (asProblem(error).status !== 404) throw error;
  }
}

interface SessionsProps {
  /** Whose, of somebody else. */
  userId?: string;
  /** Whether they may be ended. */
  ends?: boolean;
  /** They have come, or will not: what stands below them may be shown. */
  onSettled?: () => void;
}

/** The browsers and programs where an account is signed in; each can be closed. */
export function Sessions({ userId, ends = true, onSettled }: SessionsProps) {
  const t = useWords();
  const mine = useSession();
  const key = userId ? `user:${userId}:sessions` : "sessions";
  const { data, problem, reload } = useQuery(
    key,
    async () => (await get<Page<unknown>>(userId ? `/users/${userId}/sessions` : "/auth/sessions")).items.map(readRow),
    { about: [userId ? `user:${userId}` : "sessions"] },
  );
  const settled = !!data || !!problem;
  useEffect(() => {
    if (settled) onSettled?.();
  }, [settled]);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} />;
  if (userId && data.length === 0) return <p className="muted small">{t("sessions.none")}</p>;
  return (
    <>
      <SessionList rows={data} mine={mine.id} ends={ends} onEnd={(row) => void endSessions(key, [row])} />
      {userId && ends && data.length > 1 && (
        <div className="form-actions start">
          <Button look="danger" icon="out" onClick={() => void endSessions(key, data)}>{t("sessions.endAll")}</Button>
        </div>
      )}
    </>
  );
}

interface ListProps {
  rows: readonly SessionRow[];
  mine: string | null;
  ends: boolean;
  onEnd: (row: SessionRow) => void;
}

function SessionList({ rows, mine, ends, onEnd }: ListProps) {
  const t = useWords();
  return (
    <ul role="list" className="rows">
      {rows.map((row) => {
        const current = row.current || row.id === mine;
        return (
          <li key={row.id} className="row">
            <span className="row-icon">
              <Icon name="device" size={18} />
            </span>
            <div className="row-main">
              <div className="row-title">
                {row.label ?? t("sessions.unknown")}
                {current && <span className="badge ok">{t("sessions.current")}</span>}
              </div>
              <div className="tiny muted">
                {row.ip && `${row.ip} · `}
                {t("sessions.used")} <Time at={row.lastUsedAt ?? row.createdAt} />
              </div>
            </div>
            {ends && !current && (
              <Button
                onClick={() => onEnd(row)}
                aria-label={`${t("sessions.end")}: ${row.label ?? t("sessions.unknown")}`}
              >
                {t("sessions.end")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
