import { get } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useQueryState } from "../../lib/router";
import { Button } from "../../ui/Button";
import { copy } from "../../ui/copy";
import { FilterSelect } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Card } from "./Cards";
import { DayChart } from "./DayChart";
import { formatsOf } from "./format";
import { deviceWords } from "./Segments";
import { type Count, grade, type List, lists, readVisits, type Visits, type Vital, vitals } from "./visits";

const spans = ["1", "7", "30", "90"] as const;

/** The views of pages that carry the site snippet. */
export function VisitsPage() {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const days = spans.find((each) => each === query["days"]) ?? "7";
  const { data, problem, reload } = useQuery(
    `visits:${days}`,
    async (signal) => readVisits(await get("/analytics/visits", { days }, signal)),
  );
  return (
    <Page
      title={t("nav.visits")}
      actions={
        <FilterSelect
          label={t("visits.span")}
          value={days === "7" ? "" : days}
          onChange={(event) => setQuery({ days: event.target.value || null })}
        >
          <option value="1">{t("visits.span.1")}</option>
          <option value="">{t("visits.span.7")}</option>
          <option value="30">{t("visits.span.30")}</option>
          <option value="90">{t("visits.span.90")}</option>
        </FilterSelect>
      }
    >
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton rows={4} shape="card" />}
      {data && data.views === 0 && (
        <EmptyState icon="chart" title={t("visits.none.title")} text={t("visits.none.text")} />
      )}
      {data && data.views > 0 && <Figures visits={data} />}
      {data && <Snippet />}
    </Page>
  );
}

function Figures({ visits }: { visits: Visits }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const each = visits.visits > 0 ? visits.views / visits.visits : null;
  return (
    <>
      <div className="kpis">
        {(["visitors", "visits", "views", "errors"] as const).map((name, index) => (
          <Card
            key={name}
            label={t(`visits.${name}`)}
            value={format.count(visits[name])}
            foot={name === "views" && each !== null
              ? t("visits.each", { value: format.rate(each) })
              : t(`visits.${name}.foot`)}
            values={visits.days.map((day) => day[name])}
            color={`var(--c${[1, 5, 2, 3][index]})`}
          />
        ))}
      </div>
      <div className="chart-pair wide-first">
        <DayChart days={visits.days} />
        <Vitals visits={visits} />
      </div>
      <div className="visit-lists">
        {lists.map((list) => visits.lists[list].length > 0 && <Top key={list} list={list} rows={visits.lists[list]} />)}
      </div>
    </>
  );
}

function Vitals({ visits }: { visits: Visits }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const read = (vital: Vital, value: number | null) =>
    value === null ? "–" : vital === "cls" ? format.small(value) : format.milliseconds(value);
  return (
    <section className="card chart-card" aria-labelledby="vitals-title">
      <div className="chart-head">
        <h2 id="vitals-title">{t("visits.vitals")}</h2>
      </div>
      <dl className="vitals">
        {vitals.map((vital) => {
          const { p75 } = visits.vitals[vital];
          const look = grade(vital, p75);
          return (
            <div key={vital} className="vital">
              <dt>
                <b>{vital.toUpperCase()}</b>
                <span className="tiny muted">{t(`visits.vital.${vital}`)}</span>
              </dt>
              <dd>
                <b className="num">{read(vital, p75)}</b>
                {look !== "none" && <span className={`vital-grade ${look}`}>{t(`visits.grade.${look}`)}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="tiny muted">{t("visits.vitals.foot")}</p>
    </section>
  );
}

function Top({ list, rows }: { list: List; rows: readonly Count[] }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const largest = Math.max(1, ...rows.map(({ count }) => count));
  const name = (value: string) => {
    if (value === "other") return t("analytics.segment.other");
    if (list === "devices") return t(deviceWords[value] ?? "analytics.segment.other");
    return list === "browsers" ? value.charAt(0).toUpperCase() + value.slice(1) : value;
  };
  return (
    <section className="card chart-card" aria-labelledby={`visits-${list}`}>
      <div className="chart-head">
        <h2 id={`visits-${list}`}>{t(`visits.list.${list}`)}</h2>
      </div>
      <ul role="list" className="visit-rows">
        {rows.map(({ value, count }) => (
          <li key={value} className="visit-row">
            <i aria-hidden="true" style={{ width: `${(count / largest) * 100}%` }} />
            <span className="cut" title={value}>{name(value)}</span>
            <b className="num">{format.count(count)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The code that a page needs. */
function Snippet() {
  const t = useWords();
  const text = `<script defer src="${location.origin}/snippet.js"></script>`;
  return (
    <section className="card chart-card" aria-labelledby="snippet-title">
      <div className="chart-head">
        <h2 id="snippet-title">{t("visits.snippet")}</h2>
        <Button icon="copy" onClick={() => void copy(text)}>{t("common.copy")}</Button>
      </div>
      <p className="small muted">{t("visits.snippet.text")}</p>
      <pre className="snippet" tabIndex={0} aria-label={t("visits.snippet")}><code>{text}</code></pre>
      <p className="small muted">{t("visits.snippet.consent")}</p>
      <pre className="snippet" tabIndex={0} aria-label={t("visits.snippet.calls")}>
        <code>{`foyer.consent(true)\nfoyer.track("name", { price: 12 })`}</code>
      </pre>
      <p className="small muted">
        {t("visits.snippet.origins")} <code>FOYER_SNIPPET_ORIGINS=https://www.example.com</code>
      </p>
    </section>
  );
}
