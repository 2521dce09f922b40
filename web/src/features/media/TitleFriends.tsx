import "./title-friends.css";
import { useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { nameOf, readUser } from "../../lib/resources";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Avatar } from "../presence/Avatar";
import { noteOf, outOfTen } from "./figures";
import type { Detail } from "./titles";

/** The friends who liked the title, and how they rated it. */
export function TitleFriends({ title: { friends } }: { title: Detail }) {
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
