import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { Time } from "../../ui/Time";
import { dryRun, type FilterDraft, hasList, type Hit, type Run, split, tryFilter } from "./filters";

/** What the filter would do: to a text that one types, and to the last messages. It need not be saved. */
export function FilterTrial({ draft }: { draft: FilterDraft }) {
  const t = useWords();
  return (
    <aside className="case-column" aria-label={t("team.filters.trial")}>
      {hasList(draft.kind) && <OneText draft={draft} />}
      <LastMessages draft={draft} />
    </aside>
  );
}

function OneText({ draft }: { draft: FilterDraft }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [hits, setHits] = useState<{ text: string; hits: Hit[] } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = JSON.stringify(draft);
  useEffect(() => {
    if (!text.trim() || draft.list.length === 0) {
      setHits(null);
      return;
    }
    let isOver = false;
    const timer = setTimeout(() => {
      tryFilter(draft, text).then((found) => {
        if (isOver) return;
        setHits({ text, hits: found });
        setProblem(null);
      }, (error: unknown) => {
        if (!isOver) setProblem(asProblem(error));
      });
    }, 300);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text, asked]);
  const first = hits?.hits[0];
  const [before, found, after] = hits && first ? split(hits.text, first) : ["", "", ""];
  return (
    <section className="case-decision" aria-labelledby="filter-try">
      <h2 id="filter-try">{t("team.filters.try")}</h2>
      <TextArea
        label={t("team.filters.tryLabel")}
        hint={t("team.filters.tryHint")}
        maxLength={8000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <FormProblem problem={problem} />
      <div className="filter-result" role="status">
        {!hits ? null : !first ? <p>{t("team.filters.noHit")}</p> : (
          <>
            <p>
              {t("team.filters.hit", {
                words: [...new Set(hits.hits.map((each) => each.element ?? each.found))].join(", "),
              })}
            </p>
            {found && (
              <p className="case-quote">
                {before}
                <mark>{found}</mark>
                {after}
              </p>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function LastMessages({ draft }: { draft: FilterDraft }) {
  const t = useWords();
  const [run, setRun] = useState<Run | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const start = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setRun(await dryRun(draft));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="case-decision" aria-labelledby="filter-run">
      <h2 id="filter-run">{t("team.filters.run")}</h2>
      <p className="muted">{t("team.filters.runText")}</p>
      <div>
        <Button icon="search" busy={busy} onClick={() => void start()}>{t("team.filters.runStart")}</Button>
      </div>
      <FormProblem problem={problem} />
      <div role="status">
        {run && <p>{t("team.filters.runResult", { count: run.hits, examined: run.examined })}</p>}
      </div>
      {run && run.items.length > 0 && (
        <ul role="list" className="filter-hits" aria-label={t("team.filters.run")}>
          {run.items.map((each) => {
            const [before, found, after] = split(each.content, each.hit);
            return (
              <li key={each.id} className="case-quote">
                <span className="tiny muted cut">
                  {each.author ? nameOf(each.author) : t("team.gone")}
                  {each.channel && ` · # ${each.channel}`}
                  {each.at && (
                    <>
                      {" · "}
                      <Time at={each.at} />
                    </>
                  )}
                </span>
                <p>{before}{found && <mark>{found}</mark>}{after}</p>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
