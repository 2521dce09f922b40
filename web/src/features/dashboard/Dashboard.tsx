import { type ReactNode, useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { useWaiting } from "../../ui/Waiting";
import { useCan } from "../accounts/session";
import { useRoles } from "../roles/roles";
import { ByRole } from "./ByRole";
import { Checklist } from "./Checklist";
import { type Counts, useCounts } from "./counts";
import { Feed } from "./Feed";
import { pendingRequests, roleChanges, useFigure } from "./figures";
import { Here } from "./Here";
import { Pulse } from "./Pulse";
import { StatusSplit } from "./StatusSplit";

/** Who is there, what changes, what just happened. */
export function Dashboard() {
  const t = useWords();
  const adds = useCan("users.create");
  const follows = useCan("presence.read");
  const sees = useCan("users.read");
  const { counts, members } = useCounts(follows, sees);
  const [drawer, setDrawer] = useState(false);
  useEffect(() => {
    if (!drawer) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) setDrawer(false);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [drawer]);
  return (
    <Page
      title={t("nav.dashboard")}
      actions={
        <>
          <Button icon="pulse" className="only-narrow" aria-expanded={drawer} onClick={() => setDrawer(!drawer)}>
            {t("feed.title")}
          </Button>
          {adds && (
            <Link href="/panel/members?new=1" className="btn btn-primary">
              <Icon name="plus" />
              <span>{t("users.add")}</span>
            </Link>
          )}
        </>
      }
      aside={
        <aside className={`aside ${drawer ? "open" : ""}`} aria-label={t("feed.title")}>
          <Button className="only-narrow aside-close" icon="close" look="quiet" onClick={() => setDrawer(false)}>
            {t("common.close")}
          </Button>
          <Feed />
        </aside>
      }
    >
      <Checklist members={members} />
      <Cards counts={counts} members={members} follows={follows} sees={sees} />
      <div className="panels">
        {sees && <Here />}
        <div className="panel-stack">
          {follows && (
            <section className="card" aria-labelledby="split-title">
              <h2 id="split-title">{t("dashboard.split")}</h2>
              <StatusSplit counts={counts} />
            </section>
          )}
          <ByRole />
        </div>
      </div>
    </Page>
  );
}

interface CardProps {
  label: string;
  value: number | null;
  children?: ReactNode;
  href?: string;
  /** It waits for somebody. */
  urgent?: boolean;
}

function ComingFigure() {
  const t = useWords();
  useWaiting();
  return (
    <span className="skeleton-figure">
      <span className="hidden">{t("common.loading")}</span>
    </span>
  );
}

function Card({ label, value, children, href, urgent = false }: CardProps) {
  return (
    <div className={`card figure ${urgent ? "urgent" : ""}`}>
      <div className="figure-label">{href ? <Link href={href} className="textlink">{label}</Link> : label}</div>
      <div className="figure-value num">
        {value === null ? <ComingFigure /> : <Figure value={value} />}
      </div>
      <div className="figure-foot tiny muted">{children}</div>
    </div>
  );
}

function Figure({ value }: { value: number }) {
  const t = useWords();
  return <>{t("figure", { value })}</>;
}

interface CardsProps {
  counts: Counts | null;
  members: number | null;
  follows: boolean;
  sees: boolean;
}

function Cards({ counts, members, follows, sees }: CardsProps) {
  const t = useWords();
  const roles = useRoles();
  const readsRoles = useCan("roles.read");
  const audits = useCan("audit.read");
  const reviews = useCan("registrations.review");
  const changes = useFigure(roleChanges, audits);
  const requests = useFigure(pendingRequests, reviews);
  const there = counts === null ? null : counts.online + counts.idle + counts.dnd;
  const share = there !== null && members ? Math.round((there / members) * 100) : null;
  return (
    <div className="cards">
      {reviews && (
        <Card
          label={t("dashboard.requests")}
          value={requests}
          href="/panel/requests"
          urgent={requests !== null && requests > 0}
        >
          {requests ? t("dashboard.requestsFoot") : "\u00a0"}
        </Card>
      )}
      {follows && (
        <Card label={t("dashboard.here")} value={there} href="/panel/online">
          {share === null ? "\u00a0" : t("dashboard.share", { value: share })}
          <Pulse value={there} />
        </Card>
      )}
      {sees && (
        <Card label={t("dashboard.members")} value={members} href="/panel/members">
          {t("dashboard.membersFoot")}
        </Card>
      )}
      {readsRoles && (
        <Card label={t("dashboard.roles")} value={roles.length === 0 ? null : roles.length} href="/panel/roles">
          {t("dashboard.rolesFoot", {
            count: roles.filter((role) =>
              !role.is_system
            ).length,
          })}
        </Card>
      )}
      {audits && (
        <Card label={t("dashboard.changes")} value={changes} href="/panel/audit?preset=roles">
          {t("dashboard.lastHour")}
        </Card>
      )}
    </div>
  );
}
