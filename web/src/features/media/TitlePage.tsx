import "./title-body.css";
import "./reading.css";
import { type ReactNode, useEffect } from "react";
import type { PageProps } from "../../contract/page";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { navigate, place } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { useDetail } from "./catalogue";
import { Credits } from "./Credits";
import { dayOf, lengthOf } from "./figures";
import { Posters } from "./Posters";
import { Seasons } from "./Seasons";
import { TitleFriends } from "./TitleFriends";
import { TitleHead } from "./TitleHead";
import { type Detail, idIn, numberIn, pathOf, seasonToOpen } from "./titles";

/** The page of a film or a series. A season and an episode have addresses of their own. */
export function TitlePage({ params }: PageProps) {
  const t = useWords();
  const id = idIn(params["title"] ?? "");
  const detail = useDetail(id);
  const title = detail.data;
  const season = numberIn(params["season"], "s");
  const episode = numberIn(params["episode"], "e");
  useEffect(() => {
    if (!title) return;
    // A former slug, or the id alone, is replaced by the current address.
    const path = pathOf(title, season ?? undefined, season === null ? undefined : episode ?? undefined);
    const { path: here, search } = place.get();
    if (idIn(here.split("/")[2] ?? "") === title.id && here !== path) navigate(path + search, { replace: true });
  }, [title?.id, title?.slug, season, episode]);
  if (!title) {
    return (
      <Page title={t("films.title")}>
        {detail.problem ? <ErrorState problem={detail.problem} onRetry={detail.reload} /> : <Placeholder />}
      </Page>
    );
  }
  return (
    <Page
      title={title.name}
      head={(heading, connection) => <TitleHead title={title} heading={heading} connection={connection} />}
    >
      <Body title={title} season={season} episode={episode} />
    </Page>
  );
}

function Placeholder() {
  return (
    <>
      <div className="title-head coming" aria-hidden="true">
        <div className="title-head-in">
          <span className="poster skeleton-poster" />
        </div>
      </div>
      <Skeleton rows={4} shape="line" />
    </>
  );
}

function Body({ title, season, episode }: { title: Detail; season: number | null; episode: number | null }) {
  const t = useWords();
  const opened = season ?? (title.kind === "series" ? seasonToOpen(title.seasons) : null);
  return (
    <div className="title-body">
      <div className="title-main">
        <section aria-labelledby="title-overview">
          <h2 id="title-overview">{t("films.overview")}</h2>
          <p className={`film-read ${title.overview ? "" : "muted"}`}>{title.overview ?? t("films.overview.none")}</p>
          <TitleFriends title={title} />
        </section>
        {opened !== null && <Seasons title={title} season={opened} episode={episode} />}
        <Credits heading={t("films.cast")} id="title-cast" credits={title.cast} />
        <Credits heading={t("films.crew")} id="title-crew" credits={title.crew} />
        {title.similar.length > 0 && (
          <section aria-labelledby="title-similar">
            <h2 id="title-similar">{t("films.similar")}</h2>
            <Posters label={t("films.similar")} titles={title.similar.slice(0, 12)} look="line" suggests />
          </section>
        )}
      </div>
      <Facts title={title} />
    </div>
  );
}

const ways = ["stream", "free", "ads", "rent", "buy"] as const;
const wayOf = (kind: string) => ways.find((way) => way === kind) ?? "stream";

function Facts({ title }: { title: Detail }) {
  const t = useWords();
  const of = useLanguage();
  const seasons = title.seasons.filter(({ number }) => number > 0).length;
  const facts: [string, ReactNode][] = [
    [t("films.detail.original"), title.original],
    [t("films.detail.released"), title.releasedOn ? dayOf(title.releasedOn, of) : title.year && String(title.year)],
    [t("films.detail.runtime"), title.runtime && lengthOf(title.runtime, of)],
    [t("films.detail.seasons"), seasons > 0 && formatNumber(seasons, of)],
    [t("films.detail.certificate"), title.certificate],
    [t("films.detail.collection"), title.collection],
    [t("films.detail.keywords"), title.keywords.slice(0, 8).join(", ")],
  ];
  return (
    <div className="title-aside">
      <section aria-labelledby="title-facts">
        <h2 id="title-facts">{t("films.details")}</h2>
        <dl className="title-facts">
          {facts.filter(([, value]) => value).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {title.providers.length > 0 && (
        <section aria-labelledby="title-watch">
          <h2 id="title-watch">{t("films.watch")}</h2>
          <ul role="list" className="title-links">
            {title.providers.map(({ kind, name }) => (
              <li key={`${kind} ${name}`}>
                {name} <span className="muted small">{t(`films.watch.${wayOf(kind)}`)}</span>
              </li>
            ))}
          </ul>
          <p className="muted small">{t("films.watch.source")}</p>
        </section>
      )}
      {title.links.length > 0 && (
        <section aria-labelledby="title-links">
          <h2 id="title-links">{t("films.detail.links")}</h2>
          <ul role="list" className="title-links">
            {title.links.map(({ label, url }) => (
              <li key={url}>
                <a className="link" href={url} target="_blank" rel="noreferrer noopener">
                  {label} <Icon name="external" size={14} />
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {title.isFromTMDB && <p className="muted small">{t("films.tmdb")}</p>}
    </div>
  );
}
