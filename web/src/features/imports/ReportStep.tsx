import { useLanguage, useWords } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import type { Import } from "./imports";
import { reportFile } from "./imports";

/** The result of an import. */
export function ReportStep({ each }: { each: Import }) {
  const t = useWords();
  const language = useLanguage();
  const isDone = each.state === "done";
  const skipped = isDone ? each.total - each.settled : 0;
  return (
    <div className="stack">
      <p className={`notice import-outcome ${isDone ? "ok" : "bad"}`} role="status">
        <Icon name={isDone ? "check" : "warning"} />
        <span>
          <b>
            {isDone ? t("imports.done", { count: each.settled, time: seconds(each, language) }) : t("imports.failed")}
          </b>
          {each.failure && <span className="small">{each.failure}</span>}
        </span>
      </p>
      {isDone && (skipped > 0 || each.invites) && (
        <ul role="list" className="import-list">
          {skipped > 0 && (
            <li>
              <Icon name="warning" />
              <span className="grow">
                <b>{t("imports.skipped", { count: skipped })}</b>
                <span className="tiny muted">{t("imports.skippedHint")}</span>
              </span>
              <a className="btn btn-plain" href={reportFile(each.id)} download>{t("imports.get")}</a>
            </li>
          )}
          {each.invites && (
            <li>
              <Icon name="send" />
              <span className="grow">
                <b>{t("imports.invited")}</b>
                <span className="tiny muted">{t("imports.invitedHint")}</span>
              </span>
            </li>
          )}
        </ul>
      )}
      <div className="form-actions start">
        {isDone && (
          <Link className="btn btn-primary" href="/panel/members?sort=-created_at">{t("imports.toMembers")}</Link>
        )}
        <Link className="btn btn-plain" href="/panel/members/import">{t("imports.another")}</Link>
      </div>
    </div>
  );
}

const seconds = (each: Import, language: "fr" | "en"): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(
    each.startedAt && each.endedAt
      ? Math.max(0.1, (Date.parse(each.endedAt) - Date.parse(each.startedAt)) / 1000)
      : 0.1,
  );
