import type { PageProps } from "../../contract/page";
import { useLanguage, useWords } from "../../lib/i18n";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState } from "../../ui/States";
import { type List, lists, listWords, useKept } from "./catalogue";
import { noteOf } from "./figures";
import { iconOf, Posters, PosterShapes } from "./Posters";

const icons = {
  watchlist: iconOf("watchlist"),
  favorites: iconOf("favorite"),
  likes: iconOf("like"),
  ratings: "bars",
} as const;

/** One of my lists: watchlist, favourites, likes, ratings. */
export function OwnTitles({ params }: PageProps) {
  const list = lists.find((each) => each === params["list"]) ?? "watchlist";
  return <Kept key={list} list={list} />;
}

function Kept({ list }: { list: List }) {
  const t = useWords();
  const of = useLanguage();
  const kept = useKept("me", list, true);
  const titles = kept.pages?.items.map(({ title }) => title) ?? [];
  const values = new Map(kept.pages?.items.map(({ title, value }) => [title.id, value]));
  return (
    <Page title={t(listWords[list])}>
      {kept.pages
        ? titles.length > 0
          ? (
            <>
              <Posters
                label={t(listWords[list])}
                titles={titles}
                {...(list === "ratings"
                  ? {
                    meta: (title) => {
                      const value = title.standing.state.rating ?? values.get(title.id) ?? null;
                      return value === null ? null : (
                        <>
                          <span className="film-note num">{noteOf(value, of)}</span>
                          <span className="num">{title.year ?? ""}</span>
                        </>
                      );
                    },
                  }
                  : {})}
              />
              <More list={kept} />
            </>
          )
          : (
            <EmptyState icon={icons[list]} title={t(`films.mine.${list}.none`)} text={t(`films.mine.${list}.text`)}>
              <Link className="btn btn-primary" href="/films/browse">{t("films.go.browse")}</Link>
            </EmptyState>
          )
        : kept.problem
        ? <ErrorState problem={kept.problem} onRetry={kept.reload} />
        : <PosterShapes count={12} />}
    </Page>
  );
}
