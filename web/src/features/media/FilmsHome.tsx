import "./hero.css";
import "./progress.css";
import { useLanguage, useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState } from "../../ui/States";
import { type Row, setMark, useHome, useStanding } from "./catalogue";
import { lengthOf } from "./figures";
import { FindTitle } from "./FindTitle";
import { Poster } from "./Poster";
import { PosterRow, Posters, PosterShapes } from "./Posters";
import { pathOf, type Title } from "./titles";
import { Wash } from "./Wash";

/** The page with all titles of each row. */
const further: Record<string, string> = {
  trending: "/films/browse?sort=trending",
  popular: "/films/browse",
  top_rated: "/films/browse?sort=rating",
  upcoming: "/films/browse?sort=released",
  watchlist: "/films/mine/watchlist",
};

/** The first page of the films: trending titles, series to continue, the watchlist. */
export function FilmsHome() {
  const t = useWords();
  const home = useHome();
  return (
    <Page title={t("films.title")} actions={<FindTitle />}>
      {home.data
        ? <Rows rows={home.data} />
        : home.problem
        ? <ErrorState problem={home.problem} onRetry={home.reload} />
        : <Placeholder />}
    </Page>
  );
}

function Placeholder() {
  return (
    <div className="film-rows">
      <div className="film-hero coming" aria-hidden="true" />
      <PosterShapes count={8} look="line" />
      <PosterShapes count={8} look="line" />
    </div>
  );
}

const known = ["trending", "popular", "top_rated", "upcoming", "continue", "watchlist"] as const;

function Rows({ rows }: { rows: readonly Row[] }) {
  const t = useWords();
  if (rows.length === 0) {
    return <EmptyState icon="film" title={t("films.empty.title")} text={t("films.empty.text")} />;
  }
  const [lead] = (rows.find(({ key }) => key === "trending") ?? rows[0])?.items ?? [];
  return (
    <div className="film-rows">
      {lead && <Lead title={lead} />}
      {rows.map(({ key, items }) => {
        const name = known.find((each) => each === key);
        const heading = name ? t(`films.row.${name}`) : key;
        // The title above the rows is not repeated in them.
        const titles = items.filter(({ id }) => id !== lead?.id);
        if (titles.length === 0) return null;
        const href = further[key];
        return (
          <PosterRow
            key={key}
            id={`row-${key}`}
            heading={heading}
            link={href ? { href, label: t("films.row.all") } : null}
          >
            {key === "continue"
              ? <Posters label={heading} titles={titles} look="line" meta={(title) => <Progress title={title} />} />
              : <Posters label={heading} titles={titles} look="line" suggests />}
          </PosterRow>
        );
      })}
    </div>
  );
}

/** The progress in a series, and its next episode. */
export function Progress({ title }: { title: Title }) {
  const t = useWords();
  const { progress, next } = title;
  return (
    <span className="film-progress">
      {next && <span className="cut">{t("films.episode.short", { season: next.season, number: next.number })}</span>}
      {progress && progress.aired > 0 && (
        <progress
          className="film-bar"
          max={progress.aired}
          value={progress.seen}
          aria-label={t("films.progress", { count: progress.seen, total: progress.aired })}
        />
      )}
      {!next && !progress && <span className="num">{title.year ?? ""}</span>}
    </span>
  );
}

function Lead({ title }: { title: Title }) {
  const t = useWords();
  const of = useLanguage();
  const { state } = useStanding(title);
  const facts = [
    title.year,
    title.runtime ? lengthOf(title.runtime, of) : null,
    title.genres.slice(0, 2).map(({ name }) => name).join(", "),
  ].filter(Boolean);
  return (
    <section className="film-hero" aria-label={t("films.hero.trending")}>
      <Wash title={title} />
      <div className="film-hero-in">
        <div className="film-hero-text">
          <span className="veil-tag">
            <Icon name="bars" size={14} />
            {t("films.hero.trending")}
          </span>
          <h2>{title.name}</h2>
          <p className="small">{facts.join(" · ")}</p>
          {title.overview && <p className="film-hero-overview">{title.overview}</p>}
          <div className="film-hero-acts">
            <Link href={pathOf(title)} className="btn on-veil">{t("films.hero.open")}</Link>
            <Button
              className="veiled"
              icon={state.watchlist ? "check" : "bookmark"}
              aria-pressed={state.watchlist}
              onClick={() => setMark(title.id, "watchlist", !state.watchlist)}
            >
              {t("films.mark.watchlist")}
            </Button>
          </div>
        </div>
        <Link href={pathOf(title)} className="film-hero-poster" tabIndex={-1} aria-hidden="true">
          <Poster title={title} eager />
        </Link>
      </div>
    </section>
  );
}
