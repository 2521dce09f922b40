import { del, get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { amend, useQuery } from "../../lib/query";
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

const key = "sessions";

async function endSession(row: SessionRow): Promise<void> {
  const before = amend<SessionRow[]>(key, (rows) => rows.filter((each) => each.id !== row.id));
  try {
    await del(`/auth/sessions/${row.id}`);
    say("sessions.ended");
  } catch (error) {
    if (before) amend<SessionRow[]>(key, () => before);
    sayProblem(asProblem(error));
  }
}

/** The browsers and programs where this account is signed in; each can be closed. */
export function Sessions() {
  const t = useWords();
  const mine = useSession();
  const { data, problem, reload } = useQuery(
    key,
    async () => (await get<Page<unknown>>("/auth/sessions")).items.map(readRow),
  );
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} />;
  return (
    <ul role="list" className="rows">
      {data.map((row) => {
        const current = row.current || row.id === mine.id;
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
            {!current && (
              <Button
                onClick={() => void endSession(row)}
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
