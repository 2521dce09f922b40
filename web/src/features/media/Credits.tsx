import "./credits.css";
import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { Link } from "../../ui/Link";
import { Avatar } from "../presence/Avatar";
import { type Credit, type Job, jobOf, pathOfPerson } from "./titles";

const fewCredits = 8;

/** The cast or the crew of a title. */
export function Credits({ heading, id, credits }: { heading: string; id: string; credits: readonly Credit[] }) {
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
