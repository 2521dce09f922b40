import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { sayProblem } from "../../ui/Toasts";
import { useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { AnswerAppeal } from "./AnswerAppeal";
import { type Case, caseKey, fetchCase, note, release, split, take } from "./cases";
import { Decide } from "./Decide";
import { EvidenceView } from "./EvidenceView";
import { useCaseTitle } from "./ModerationPage";
import { SanctionRow } from "./SanctionRow";

/** One case: evidence, reports, notes, the person's sanctions, and the decision. */
export function CasePage({ id }: { id: string }) {
  const t = useWords();
  const { data, problem, reload } = useQuery<Case>(caseKey(id), () => fetchCase(id));
  const titleOf = useCaseTitle();
  return (
    <Page
      title={data ? titleOf(data) : t("team.case")}
      before={
        <Link href="/panel/moderation" className="icon-btn" aria-label={t("team.back")}>
          <Icon name="left" size={20} />
        </Link>
      }
    >
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : data
        ? <Body of={data} />
        : <Skeleton rows={4} shape="card" />}
    </Page>
  );
}

function Body({ of }: { of: Case }) {
  const t = useWords();
  return (
    <div className="case">
      <div className="case-column">
        <Head of={of} />
        {of.appeal
          ? (
            <>
              <section className="stack tight" aria-labelledby="case-appeal">
                <h2 id="case-appeal">{t("team.appeal.text")}</h2>
                <blockquote className="case-quote">{of.appeal.text}</blockquote>
              </section>
              {of.appeal.sanction && (
                <section className="stack tight" aria-labelledby="case-sanction">
                  <h2 id="case-sanction">{t("team.appeal.sanction")}</h2>
                  <ul role="list" className="sanctions">
                    <SanctionRow sanction={of.appeal.sanction} lifts={false} />
                  </ul>
                </section>
              )}
              {of.appeal.evidence.map((each, index) => <EvidenceView key={index} of={each} reported={of} />)}
            </>
          )
          : of.evidence.map((each, index) => <EvidenceView key={index} of={each} reported={of} />)}
        {!of.appeal && <Target of={of} />}
        {of.reports.length > 0 && <Reports of={of} />}
        <Notes of={of} />
      </div>
      <div className="case-column">
        {of.state === "open"
          ? of.appeal ? <AnswerAppeal of={of} appeal={of.appeal} /> : <Decide of={of} />
          : <Decided of={of} />}
        <section className="stack tight" aria-labelledby="case-before">
          <h2 id="case-before">{t("team.before")}</h2>
          {of.sanctions.length === 0
            ? <p className="muted">{t("team.member.none")}</p>
            : (
              <ul role="list" className="sanctions" aria-label={t("team.before")}>
                {of.sanctions.map((each) => <SanctionRow key={each.id} sanction={each} />)}
              </ul>
            )}
        </section>
      </div>
    </div>
  );
}

function Head({ of }: { of: Case }) {
  const t = useWords();
  const me = useSession().user.id;
  const [busy, setBusy] = useState(false);
  const run = (act: () => Promise<unknown>) => {
    setBusy(true);
    void act().catch((error) => sayProblem(asProblem(error))).finally(() => setBusy(false));
  };
  return (
    <div className="case-head">
      {of.subject && <Avatar user={of.subject} size="large" />}
      <div className="grow">
        <div className="name">
          {of.subject
            ? <Link href={`/panel/members/${of.subject.id}/moderation`}>{nameOf(of.subject)}</Link>
            : t("team.gone")}
        </div>
        <div className="tiny muted">
          {t(`team.severity.${of.severity as 1}`)} · {t("team.opened")} <Time at={of.openedAt} />
          {of.state === "open" && (
            <>
              {" · "}
              <span className={of.overdue ? "case-late" : ""}>
                {t(of.overdue ? "team.overdue" : "team.due")} <Time at={of.dueAt} />
              </span>
            </>
          )}
        </div>
      </div>
      {of.state === "open" && (
        of.assignee
          ? (
            <div className="case-holder">
              <Avatar user={of.assignee} size="small" />
              <span className="cut">{of.assignee.id === me ? t("team.mine") : nameOf(of.assignee)}</span>
              {of.assignee.id === me && (
                <Button busy={busy} onClick={() => run(() => release(of))}>{t("team.release")}</Button>
              )}
            </div>
          )
          : <Button look="primary" busy={busy} onClick={() => run(() => take(of))}>{t("team.take")}</Button>
      )}
      {of.state === "merged" && (
        <Button busy={busy} icon="undo" onClick={() => run(() => split(of))}>{t("team.split")}</Button>
      )}
    </div>
  );
}

/** Whether the target was deleted since the report, and by whom. */
function Target({ of }: { of: Case }) {
  const t = useWords();
  if (of.exists || !of.deletedAt) return null;
  return (
    <p className="notice">
      <Icon name="info" /> {of.hidden
        ? t("team.target.hidden")
        : of.byAuthor
        ? t("team.target.byAuthor")
        : of.deletedBy
        ? t("team.target.by", { name: nameOf(of.deletedBy) })
        : t("team.target.gone")} <Time at={of.deletedAt} />
    </p>
  );
}

function Reports({ of }: { of: Case }) {
  const t = useWords();
  return (
    <section className="stack tight" aria-labelledby="case-reports">
      <h2 id="case-reports">{t("team.reports", { count: of.reports.length })}</h2>
      <ul role="list" className="case-list">
        {of.reports.map((each) => (
          <li key={each.id} className="case-item">
            {each.reporter
              ? <Avatar user={each.reporter} />
              : each.filter
              ? <Icon name="shield" size={20} />
              : <span className="avatar medium face-4" aria-hidden="true" />}
            <div className="grow">
              <div className="name">
                {each.reporter
                  ? nameOf(each.reporter)
                  : each.filter
                  ? t("team.reportedBy.filter", { name: each.filter })
                  : t("team.gone")}{" "}
                <span className="tiny muted">
                  {t(`report.category.${each.category as "other"}`)} · <Time at={each.createdAt} />
                </span>
              </div>
              {each.text && <p>{each.text}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Notes({ of }: { of: Case }) {
  const t = useWords();
  const [text, setText] = useState("");
  const { busy, problem, submit } = useSubmit({ text, id: of.id }, async (key) => {
    await note(of, text, key);
    setText("");
  });
  return (
    <section className="stack tight" aria-labelledby="case-notes">
      <h2 id="case-notes">{t("team.notes")}</h2>
      {of.notes.length > 0 && (
        <ul role="list" className="case-list">
          {of.notes.map((each) => (
            <li key={each.id} className="case-item">
              <div className="grow">
                <div className="tiny muted">
                  {each.author ? nameOf(each.author) : t("team.gone")} · <Time at={each.createdAt} />
                </div>
                <p>{each.text}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
      <form className="form" onSubmit={submit}>
        <TextArea
          label={t("team.noteLabel")}
          rows={2}
          required
          maxLength={2000}
          value={text}
          fault={problem?.fault("text")}
          onChange={(event) => setText(event.target.value)}
        />
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" busy={busy}>{t("team.addNote")}</Button>
        </div>
      </form>
    </section>
  );
}

function Decided({ of }: { of: Case }) {
  const t = useWords();
  return (
    <section className="stack tight" aria-labelledby="case-decided">
      <h2 id="case-decided">
        {t(of.state === "merged" ? "team.merged" : of.outcome === "dismissed" ? "team.dismissed" : "team.acted")}
      </h2>
      <p className="muted">
        {of.decidedBy && nameOf(of.decidedBy)} {of.decidedAt && <Time at={of.decidedAt} />}
      </p>
      {of.reason && <p>{of.reason}</p>}
      {of.acts.length > 0 && (
        <ul role="list" className="case-acts">
          {of.acts.map((each, index) => (
            <li key={index}>
              {t(`team.act.${each.kind as "hide"}`)}
              {each.outcome === "gone" && <span className="muted">{` · ${t("team.act.gone")}`}</span>}
              {each.undoneAt && <span className="muted">{` · ${t("team.act.undone")}`}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
