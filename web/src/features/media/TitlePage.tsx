import { Fragment, type ReactNode, useEffect, useState } from "react";
import type { PageProps } from "../../contract/page";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { nameOf, readUser } from "../../lib/resources";
import { navigate, place } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { Avatar } from "../presence/Avatar";
import { Actions } from "./Actions";
import { TitleMenu } from "./TitleMenu";
import { useDetail } from "./catalogue";
import { dayOf, lengthOf, noteOf, outOfTen } from "./figures";
import { Wash } from "./FilmsHome";
import { Poster } from "./Poster";
import { Posters } from "./Posters";
import { Rating } from "./Rating";
import { Seasons } from "./Seasons";
import {
  type Credit,
  type Detail,
  idIn,
  type Job,
  jobOf,
  numberIn,
  pathOf,
  pathOfPerson,
  seasonToOpen,
} from "./titles";

/** A film, a series, one of its seasons or episodes: one address for each. */
export function TitlePage({ params }: PageProps) {
  const t = useWords();
  const id = idIn(params["title"] ?? "");
  const detail = useDetail(id);
  const title = detail.data;
  const season = numberIn(params["season"], "s");
  const episode = numberIn(params["episode"], "e");
  useEffect(() => {
    if (!title) return;
    // One address for each title: a former slug, or the id alone, leads to it.
    const path = pathOf(title, season ?? undefined, season === null ? undefined : episode ?? undefined);
    const { path: here, search } = place.get();
    if (idIn(here.split("/")[2] ?? "") === title.id && here !== path) navigate(path + search, { replace: true });
  }, [title?.id, title?.slug, season, episode]);
  if (!title) {
    return (
      <Page title={t("films.title")}>
        {detail.problem ? <ErrorState problem={detail.problem} onRetry={detail.reload} /> : <Coming />}
      </Page>
    );
  }
  return (
    <Page
      title={title.name}
      head={(heading, connection) => <Head title={title} heading={heading} connection={connection} />}
    >
      <Body title={title} season={season} episode={episode} />
    </Page>
  );
}

function Coming() {
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

/** Who made it: the directors, else the creators. */
const makers = ({ crew }: Detail): Credit[] => {
  const by = (...jobs: Job[]) => crew.filter(({ part }) => jobs.some((job) => job === jobOf(part)));
  const directors = by("director");
  return (directors.length > 0 ? directors : by("creator", "author")).slice(0, 3);
};

function Head({ title, heading, connection }: { title: Detail; heading: ReactNode; connection: ReactNode }) {
  const t = useWords();
  const of = useLanguage();
  return (
    <header className="title-head">
      <Wash title={title} />
      <div className="title-link-state">{connection}</div>
      <div className="title-head-in">
        <Poster title={title} eager className="title-poster" />
        <div className="title-name">
          {heading}
          {title.year !== null && <span className="title-year">{title.year}</span>}
          <p className="title-sub">
            {makers(title).map(({ person }, index) => (
              <Fragment key={`${person.id}-${index}`}>
                <Link className="textlink" href={pathOfPerson(person)}>{person.name}</Link>
              </Fragment>
            ))}
            {title.kind === "series" && title.seasons.length > 0 && (
              <span>
                {t("films.seasons.count", { count: title.seasons.filter(({ number }) => number > 0).length })}
              </span>
            )}
            {title.runtime !== null && <span>{lengthOf(title.runtime, of)}</span>}
            {title.certificate && <span>{title.certificate}</span>}
            {title.genres.length > 0 && (
              <span>
                {title.genres.map(({ id, name }, index) => (
                  <Fragment key={id}>
                    {index > 0 && ", "}
                    <Link className="textlink" href={`/films/browse?genre=${encodeURIComponent(id)}`}>{name}</Link>
                  </Fragment>
                ))}
              </span>
            )}
            {title.original && title.original !== title.name && <i>{title.original}</i>}
          </p>
        </div>
        <div className="title-say">
          <Actions title={title} />
          <TitleMenu title={title} />
        </div>
        <div className="title-figures">
          {title.kind === "series" && <SeriesProgress title={title} />}
          <Rating title={title} />
        </div>
      </div>
    </header>
  );
}

/** How much of a series one has seen, and with what it goes on. */
function SeriesProgress({ title }: { title: Detail }) {
  const t = useWords();
  const regular = title.seasons.filter(({ number }) => number > 0);
  const total = title.progress?.aired ?? regular.reduce((sum, { episodes }) => sum + episodes, 0);
  const seen = title.progress?.seen ?? regular.reduce((sum, season) => sum + season.seen, 0);
  if (total === 0) return null;
  return (
    <div className="title-progress">
      <span className="small num">
        {seen >= total ? t("films.progress.done") : t("films.progress", { count: seen, total })}
      </span>
      <progress className="film-bar" max={total} value={seen} aria-hidden="true" />
    </div>
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
          <Friends title={title} />
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

/** Who of my friends liked it, and how they rated it. */
function Friends({ title: { friends } }: { title: Detail }) {
  const t = useWords();
  const of = useLanguage();
  const [open, setOpen] = useState(false);
  if (friends.length === 0) return null;
  const liked = friends.filter(({ like, favorite }) => like || favorite).length;
  const notes = friends.flatMap(({ rating }) => rating ?? []);
  const average = notes.length > 0 ? notes.reduce((sum, note) => sum + note, 0) / notes.length : null;
  return (
    <div className="card title-friends">
      <div className="title-friends-sum">
        <span className="title-faces" aria-hidden="true">
          {friends.slice(0, 4).map(({ user, id }) => <Avatar key={id} user={readUser(user)} />)}
        </span>
        <p className="small">
          <b>{t("films.friends.like", { count: liked })}</b>{" "}
          {average !== null && t("films.friends.average", { value: outOfTen(average, of) })}
        </p>
        <button type="button" className="link small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("films.friends.who")}
        </button>
      </div>
      {open && (
        <ul role="list" className="title-friends-list">
          {friends.map(({ user, id, like, favorite, rating }) => {
            const person = readUser(user);
            return (
              <li key={id} className="row">
                <Avatar user={person} />
                <Link className="name cut row-main textlink" href={`/@${person.username}`}>{nameOf(person)}</Link>
                {favorite && <Mark icon="star" label={t("films.friends.favorite")} />}
                {like && <Mark icon="heart" label={t("films.friends.liked")} />}
                {rating !== null && (
                  <span className="film-note num">
                    {noteOf(rating, of)}
                    <span className="hidden">{t("films.rate.of")}</span>
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function Mark({ icon, label }: { icon: "star" | "heart"; label: string }) {
  return (
    <span className={`film-mark ${icon}`} title={label}>
      <Icon name={icon} />
      <span className="hidden">{label}</span>
    </span>
  );
}

const fewCredits = 8;

function Credits({ heading, id, credits }: { heading: string; id: string; credits: readonly Credit[] }) {
  const t = useWords();
  const [all, setAll] = useState(false);
  if (credits.length === 0) return null;
  const shown = all ? credits : credits.slice(0, fewCredits);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <ul role="list" className="title-cast">
        {shown.map(({ person, part }, index) => (
          <li key={`${person.id}-${index}`}>
            <Avatar user={{ id: person.id, username: person.name, display_name: person.name, avatar_url: null }} />
            <span className="title-cast-text">
              <Link className="name cut textlink" href={pathOfPerson(person)}>{person.name}</Link>
              {part && (
                <span className="tiny muted cut">{jobOf(part) ? t(`films.job.${jobOf(part) as Job}`) : part}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {credits.length > fewCredits && (
        <button
          type="button"
          className="link small"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? t("films.credits.few") : t("films.credits.all", { count: credits.length })}
        </button>
      )}
    </section>
  );
}

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
    </div>
  );
}
