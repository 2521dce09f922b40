import { useId } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import type { CaseLine, Evidence, Said } from "./cases";

/** The reported profile or message at the time of the report, with the messages around it. */
export function EvidenceView({ of, reported }: { of: Evidence; reported: CaseLine }) {
  const t = useWords();
  const title = useId();
  if (of.profile) {
    return (
      <section className="stack tight" aria-label={t("team.evidence.profile")}>
        <h2>{t("team.evidence.profile")}</h2>
        <AsOf at={of.at} />
        <dl className="facts">
          <div>
            <dt>{t("team.evidence.name")}</dt>
            <dd>{of.profile.name} (@{of.profile.username})</dd>
          </div>
          {of.profile.bio && (
            <div>
              <dt>{t("team.evidence.bio")}</dt>
              <dd>{of.profile.bio}</dd>
            </div>
          )}
          {of.profile.status && (
            <div>
              <dt>{t("team.evidence.status")}</dt>
              <dd>{of.profile.status}</dd>
            </div>
          )}
        </dl>
      </section>
    );
  }
  const former = of.versions.slice(0, -1);
  return (
    <section className="stack tight" aria-labelledby={title}>
      <h2 id={title}>{t(reported.kind === "appeal" ? "team.evidence.origin" : "team.evidence.message")}</h2>
      <AsOf at={of.at} />
      <ol role="list" className="evidence">
        {of.before.map((each) => <Line key={each.id} said={each} />)}
        {of.message && <Line said={of.message} isReported />}
        {of.after.map((each) => <Line key={each.id} said={each} />)}
      </ol>
      {former.length > 0 && (
        <details className="evidence-former">
          <summary>{t("team.evidence.versions", { count: former.length })}</summary>
          <ol role="list">
            {former.map((each, index) => (
              <li key={index}>
                <span className="tiny muted">
                  <Time at={each.at} />
                </span>{" "}
                {each.content}
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}

function AsOf({ at }: { at: string | null }) {
  const t = useWords();
  return (
    <p className="tiny muted">
      {t("team.evidence.asOf")} <Time at={at} />
    </p>
  );
}

function Line({ said, isReported = false }: { said: Said; isReported?: boolean }) {
  const t = useWords();
  return (
    <li className={`evidence-line ${isReported ? "reported" : ""}`}>
      {said.author ? <Avatar user={said.author} /> : <span className="avatar medium face-4" aria-hidden="true" />}
      <div className="grow">
        <div className="name">
          {said.author ? nameOf(said.author) : t("team.gone")}{" "}
          <span className="tiny muted">
            <Time at={said.createdAt} />
            {said.editedAt && <>{" · "}{t("team.evidence.edited")}</>}
          </span>
          {isReported && (
            <span className="evidence-mark">
              <Icon name="warning" size={14} />
              <span className="hidden">{t("team.evidence.reported")}</span>
            </span>
          )}
        </div>
        <p>{said.content || <span className="muted">{t("team.evidence.deleted")}</span>}</p>
      </div>
    </li>
  );
}
