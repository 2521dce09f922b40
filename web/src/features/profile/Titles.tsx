import "../media/chips.css";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { EmptyState, ErrorState } from "../../ui/States";
import { type List, lists, listWords, useKept } from "../media/catalogue";
import { noteOf } from "../media/figures";
import { Posters, PosterShapes } from "../media/Posters";
import { maySee } from "./profile";
import type { PartProps } from "./ProfilePage";

/** A member's lists of marked titles. The open one is in the address. */
export function Titles({ profile, isMine }: PartProps) {
  const t = useWords();
  const of = useLanguage();
  const [query, change] = useQueryState();
  const open = (["favorites", "likes", "ratings", "watchlist"] as const).filter((list) =>
    isMine || maySee(profile, list)
  );
  const list = open.find((each) => each === query["list"]) ?? open[0] ?? lists[0];
  return (
    <>
      <div className="profile-chips" role="group" aria-label={t("profile.list")}>
        {open.map((each) => (
          <button
            key={each}
            type="button"
            className="chip-button"
            aria-pressed={each === list}
            onClick={() => change({ list: each })}
          >
            {t(listWords[each])}
            {profile.counts[each] !== undefined && (
              <span className="num muted">{formatNumber(profile.counts[each] ?? 0, of)}</span>
            )}
          </button>
        ))}
      </div>
      <Kept key={list} profile={profile} isMine={isMine} list={list} />
    </>
  );
}

function Kept({ profile, isMine, list }: PartProps & { list: List }) {
  const t = useWords();
  const of = useLanguage();
  const kept = useKept(profile.user.id, list, isMine);
  if (!kept.pages) {
    return kept.problem ? <ErrorState problem={kept.problem} onRetry={kept.reload} /> : <PosterShapes count={12} />;
  }
  const titles = kept.pages.items.map(({ title }) => title);
  if (titles.length === 0) {
    return (
      <EmptyState
        icon="film"
        title={t("profile.nothing.title")}
        text={isMine ? t(`films.mine.${list}.text`) : t("profile.nothing.text", { name: nameOf(profile.user) })}
      >
        {isMine && <Link className="btn btn-primary" href="/films/browse">{t("films.go.browse")}</Link>}
      </EmptyState>
    );
  }
  // The rating of the profile's person, not the reader's.
  const values = new Map(kept.pages.items.map(({ title, value }) => [title.id, value]));
  return (
    <>
      <Posters
        label={t(listWords[list])}
        titles={titles}
        {...(list === "ratings"
          ? {
            meta: ({ id, year }) => {
              const value = values.get(id) ?? null;
              return value === null ? null : (
                <>
                  <span className="film-note num">{noteOf(value, of)}</span>
                  <span className="num">{year ?? ""}</span>
                </>
              );
            },
          }
          : {})}
      />
      <More list={kept} />
    </>
  );
}
