import "./seasons.css";
import { useEffect, useRef } from "react";
import { useEntities } from "../../lib/entities";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { say as toast } from "../../ui/Toasts";
import { episodeKey, isSeen, seenEpisodes, setSeen, useSeason } from "./catalogue";
import { dayOf, lengthOf } from "./figures";
import { type Detail, type Episode, isAired, nextEpisode, pathOf, type Season, today } from "./titles";

interface SeasonsProps {
  title: Detail;
  /** The season that is open. */
  season: number;
  /** The episode of the address. */
  episode: number | null;
}

/** The seasons of a series with their progress, and the episodes of the open one. */
export function Seasons({ title, season, episode }: SeasonsProps) {
  const t = useWords();
  const of = useLanguage();
  const list = useSeason(title.id, season);
  const episodes = list.data ?? none;
  useEntities(seenEpisodes, episodes.map(({ number }) => episodeKey(title.id, season, number)));
  const seen = (each: Episode) => isSeen(title.id, season, each);
  const labelOf = (each: Season) => {
    const name = each.number === 0 ? t("films.specials") : t("films.season", { number: each.number });
    // The open season is counted from its episodes, so that a click shows at once.
    const count = each.number === season && list.data ? episodes.filter(seen).length : each.seen;
    return `${name}  ${formatNumber(count, of)}/${formatNumber(each.episodes, of)}`;
  };
  return (
    <section aria-labelledby="title-seasons">
      <h2 id="title-seasons" className="hidden">{t("films.seasons")}</h2>
      <Tabs
        label={t("films.seasons")}
        tabs={title.seasons.map((each) => ({ id: `${each.number}`, label: labelOf(each) }))}
        value={`${season}`}
        onChange={(next) => navigate(pathOf(title, Number(next)), { replace: true })}
      >
        {list.data
          ? <Episodes title={title} season={season} episodes={episodes} chosen={episode} />
          : list.problem
          ? <ErrorState problem={list.problem} onRetry={list.reload} />
          : (
            <div className="episodes-coming">
              <Skeleton rows={Math.max(4, title.seasons.find(({ number }) => number === season)?.episodes ?? 0)} />
            </div>
          )}
      </Tabs>
    </section>
  );
}

const none: Episode[] = [];

function Episodes({ title, season, episodes, chosen }: {
  title: Detail;
  season: number;
  episodes: readonly Episode[];
  chosen: number | null;
}) {
  const t = useWords();
  const day = today();
  const seen = (each: Episode) => isSeen(title.id, season, each);
  const left = episodes.filter((each) => !seen(each) && isAired(each, day));
  // A special is never the next episode.
  const next = season === 0 ? null : nextEpisode(episodes, seen, day);
  if (episodes.length === 0) return <EmptyState icon="film" title={t("films.seasons")} text={t("films.season.none")} />;
  const all = () => {
    for (const each of left) setSeen(title.id, season, each.number, true);
    toast("films.season.done", { number: season }, () => {
      for (const each of left) setSeen(title.id, season, each.number, false);
    });
  };
  return (
    <>
      <div className="season-bar">
        <Button icon="check" disabled={left.length === 0} onClick={all}>{t("films.season.all")}</Button>
      </div>
      <ol role="list" className="episodes">
        {episodes.map((each) => (
          <EpisodeRow
            key={each.number}
            title={title}
            season={season}
            episode={each}
            isNext={each === next}
            isChosen={each.number === chosen}
            isAired={isAired(each, day)}
          />
        ))}
      </ol>
    </>
  );
}

function EpisodeRow({ title, season, episode, isNext, isChosen, isAired }: {
  title: Detail;
  season: number;
  episode: Episode;
  isNext: boolean;
  isChosen: boolean;
  isAired: boolean;
}) {
  const t = useWords();
  const of = useLanguage();
  const row = useRef<HTMLLIElement>(null);
  const { number } = episode;
  const seen = isSeen(title.id, season, episode);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "center" });
  }, [isChosen]);
  const press = () => {
    setSeen(title.id, season, number, !seen);
    if (!seen) toast("films.episode.said", { number }, () => setSeen(title.id, season, number, false));
  };
  return (
    <li
      ref={row}
      className={`episode ${isNext ? "next" : ""} ${isChosen ? "chosen" : ""}`}
      aria-current={isChosen ? "true" : undefined}
    >
      <span className="episode-number num" aria-hidden="true">{formatNumber(number, of)}</span>
      <div className="episode-text">
        <p className="tiny muted episode-facts">
          <span>{t("films.episode.short", { season, number })}</span>
          {episode.airedOn && <span>{dayOf(episode.airedOn, of)}</span>}
          {episode.runtime && <span>{lengthOf(episode.runtime, of)}</span>}
          {isNext && <b className="episode-next">{t("films.episode.next")}</b>}
          {!isAired && <span>{t("films.episode.later")}</span>}
        </p>
        <p className="name">{episode.name ?? t("films.episode", { number })}</p>
        {episode.overview && (seen ? <p className="small muted">{episode.overview}</p> : (
          // Overviews of unseen episodes are folded: they may spoil.
          <details className="small muted">
            <summary>{t("films.episode.summary")}</summary>
            {episode.overview}
          </details>
        ))}
      </div>
      <button
        type="button"
        className="btn seen"
        aria-pressed={seen}
        aria-label={t("films.episode.seen", { number })}
        disabled={!isAired}
        onClick={press}
      >
        <Icon name="check" />
        <span>{t("films.mark.seen")}</span>
      </button>
    </li>
  );
}
