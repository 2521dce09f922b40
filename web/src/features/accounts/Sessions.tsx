import { del, get, type Page } from "../../lib/api";
import { useWords, type Words } from "../../lib/i18n";
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
  agent: string | null;
  ip: string | null;
  createdAt: string | null;
  lastUsedAt: string | null;
  current: boolean;
}

function readRow(value: unknown): SessionRow {
  const raw: Raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    agent: asText(raw["user_agent"]),
    ip: asText(raw["ip"]),
    createdAt: asText(raw["created_at"]),
    lastUsedAt: asText(raw["last_used_at"]) ?? asText(raw["last_seen_at"]),
    current: raw["current"] === true,
  };
}

const browsers = [["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]] as const;
const systems = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["Linux", "Linux"],
] as const;

/** "Firefox · Linux" from a user agent, or what it says of itself. */
function device(agent: string | null, t: Words): string {
  if (!agent) return t("sessions.unknown");
  const browser = browsers.find(([mark]) => agent.includes(mark))?.[1];
  const system = systems.find(([mark]) => agent.includes(mark))?.[1];
  return [browser, system].filter(Boolean).join(" · ") || agent.slice(0, 60);
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
    <ul className="rows">
      {data.map((row) => {
        const current = row.current || row.id === mine.id;
        return (
          <li key={row.id} className="row">
            <span className="row-icon">
              <Icon name="device" size={18} />
            </span>
            <div className="row-main">
              <div className="row-title">
                {device(row.agent, t)}
                {current && <span className="badge ok">{t("sessions.current")}</span>}
              </div>
              <div className="tiny muted">
                {row.ip && `${row.ip} · `}
                {t("sessions.used")} <Time at={row.lastUsedAt ?? row.createdAt} />
              </div>
            </div>
            {!current && (
              <Button onClick={() => void endSession(row)} aria-label={`${t("sessions.end")}: ${device(row.agent, t)}`}>
                {t("sessions.end")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
