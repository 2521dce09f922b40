import "./linked.css";
import { useLanguage, useWords } from "../../lib/i18n";
import { useDetail } from "./catalogue";
import { lengthOf } from "./figures";
import { Poster } from "./Poster";
import { pathOf } from "./titles";

/** The films and series that a message links to. A card keeps its height while it loads. */
export function LinkedTitles({ ids }: { ids: readonly string[] }) {
  return (
    <div className="linked-titles">
      {ids.map((id) => <LinkedTitle key={id} id={id} />)}
    </div>
  );
}

function LinkedTitle({ id }: { id: string }) {
  const t = useWords();
  const of = useLanguage();
  const { data: title, problem } = useDetail(id);
  if (!title) {
    return (
      <div className="linked-title coming" aria-busy={!problem}>
        {problem && <span className="muted small">{t("films.linked.none")}</span>}
      </div>
    );
  }
  const facts = [
    t(`films.kind.${title.kind}`),
    title.year && String(title.year),
    title.runtime && lengthOf(title.runtime, of),
    title.genres.slice(0, 2).map(({ name }) => name).join(", "),
  ].filter(Boolean).join(" · ");
  return (
    <a className="linked-title" href={pathOf(title)}>
      <Poster title={title} />
      <span className="linked-title-text">
        <strong>{title.name}</strong>
        <span className="muted small">{facts}</span>
        {title.overview && <span className="linked-title-overview small">{title.overview}</span>}
      </span>
    </a>
  );
}
