import { useWords } from "../../lib/i18n";
import { Link } from "../../ui/Link";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { useCan } from "../accounts/session";
import { ActorFace } from "../audit/AuditEntries";
import { type Naming, useNames } from "../audit/names";
import { Sentence } from "../audit/Sentence";
import { type Item, useFeed } from "./happenings";

/** What happens on the site, as it happens. */
export function Feed() {
  const t = useWords();
  const audits = useCan("audit.read");
  const { items, loaded, problem } = useFeed(audits);
  const names = useNames(items);
  return (
    <section className="feed" aria-labelledby="feed-title">
      <h2 id="feed-title">{t("feed.title")}</h2>
      {!loaded && items.length === 0 && <Skeleton rows={5} />}
      {loaded && items.length === 0 && (problem
        ? <ErrorState problem={problem} />
        : <EmptyState icon="pulse" title={t("feed.none.title")} text={t("feed.none.text")} />)}
      {/* Not spoken as it comes: a busy site would never be silent. */}
      <ol role="list" aria-labelledby="feed-title">
        {items.map((item) => <Line key={item.key} item={item} names={names} />)}
      </ol>
    </section>
  );
}

function Line({ item, names }: { item: Item; names: Naming }) {
  const t = useWords();
  const person = (id: string | null, given: string | null) =>
    id === null ? <b>{t("audit.system")}</b> : (
      <Link href={`/panel/members/${id}`} className="textlink">
        <b>{given ?? names.user(id) ?? t("feed.someone")}</b>
      </Link>
    );
  return (
    <li className={`happening ${item.live ? "live" : ""}`}>
      <ActorFace id={item.actorId} />
      <div>
        <p>
          <Sentence
            of={{
              action: item.action,
              actor: person(item.actorId, item.actorName),
              target: item.targetType === "user" ? person(item.targetId, item.targetName) : null,
              self: item.actorId === item.targetId,
              roleId: item.roleId,
              payload: item.payload,
            }}
          />
        </p>
        <span className="tiny faint">
          <Time at={item.at} />
        </span>
      </div>
    </li>
  );
}
