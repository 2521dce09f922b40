import "./person.css";
import "./reading.css";
import { useMemo } from "react";
import type { PageProps } from "../../contract/page";
import { useLanguage, useWords } from "../../lib/i18n";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState } from "../../ui/States";
import { usePersonPage } from "./catalogue";
import { dayOf } from "./figures";
import { Posters, PosterShapes } from "./Posters";
import { idIn, jobOf, type Title } from "./titles";

/** A person of films and series, with their titles. */
export function PersonPage({ params }: PageProps) {
  const t = useWords();
  const of = useLanguage();
  const { data: person, problem, reload } = usePersonPage(idIn(params["person"] ?? ""));
  // Each title once, with all the person's parts in it.
  const [titles, parts] = useMemo(() => {
    const byId = new Map<string, Title>();
    const said = new Map<string, string[]>();
    for (const { title, part } of person?.credits ?? []) {
      byId.set(title.id, title);
      if (part) said.set(title.id, [...(said.get(title.id) ?? []), part]);
    }
    return [[...byId.values()], said];
  }, [person]);
  if (!person) {
    return (
      <Page title={t("films.title")}>
        {problem ? <ErrorState problem={problem} onRetry={reload} /> : <PosterShapes count={8} />}
      </Page>
    );
  }
  const dates = [
    person.bornOn && t("films.person.bornOn", { date: dayOf(person.bornOn, of) }),
    person.diedOn && t("films.person.diedOn", { date: dayOf(person.diedOn, of) }),
  ].filter(Boolean);
  return (
    <Page title={person.name}>
      {dates.length > 0 && <p className="lead muted">{dates.join(" · ")}</p>}
      {person.biography && <p className="film-read">{person.biography}</p>}
      <section aria-labelledby="person-known" className="person-known">
        <h2 id="person-known" className="film-section">{t("films.person.known")}</h2>
        {titles.length > 0
          ? (
            <Posters
              label={t("films.person.known")}
              titles={titles}
              meta={(title) => (
                <span className="cut">
                  {[
                    title.year,
                    parts.get(title.id)?.map((part) => {
                      const job = jobOf(part);
                      return job ? t(`films.job.${job}`) : part;
                    }).join(", "),
                  ].filter(Boolean).join(" · ")}
                </span>
              )}
            />
          )
          : <EmptyState icon="film" title={t("films.none.title")} text={t("films.person.none")} />}
      </section>
    </Page>
  );
}
