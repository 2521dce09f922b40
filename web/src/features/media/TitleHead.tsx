import "./title-head.css";
import "./progress.css";
import { Fragment, type ReactNode } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { Link } from "../../ui/Link";
import { Actions } from "./Actions";
import { lengthOf } from "./figures";
import { Poster } from "./Poster";
import { Rating } from "./Rating";
import { TitleMenu } from "./TitleMenu";
import { type Credit, type Detail, type Job, jobOf, pathOfPerson } from "./titles";
import { Wash } from "./Wash";

/** The directors; without any, the creators or authors. */
const makers = ({ crew }: Detail): Credit[] => {
  const by = (...jobs: Job[]) => crew.filter(({ part }) => jobs.some((job) => job === jobOf(part)));
  const directors = by("director");
  return (directors.length > 0 ? directors : by("creator", "author")).slice(0, 3);
};

/** The top of the page of a title: poster, facts, marks, rating. */
export function TitleHead(
  { title, heading, connection }: { title: Detail; heading: ReactNode; connection: ReactNode },
) {
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
              <Link key={`${person.id}-${index}`} className="textlink" href={pathOfPerson(person)}>{person.name}</Link>
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

/** The progress in a series. */
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
