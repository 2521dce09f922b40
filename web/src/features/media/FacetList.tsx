import "./facets.css";
import { useId, useState } from "react";
import { useWords } from "../../lib/i18n";
import { Skeleton } from "../../ui/States";
import type { Facets, Filters } from "./catalogue";
import { type Change, yearLabel } from "./filters";

const few = 8;

/** The filters, each value with the number of titles it leaves. */
export function FacetList({ facets, filters, onChange }: {
  facets: Facets | undefined;
  filters: Filters;
  onChange: Change;
}) {
  const t = useWords();
  const id = useId();
  const [all, setAll] = useState(false);
  if (!facets) return <Skeleton rows={8} shape="line" />;
  const genres = all ? facets.genres : facets.genres.filter((each, index) => index < few || each.id === filters.genre);
  const rest = facets.genres.length - genres.length;
  return (
    <div className="facet-list">
      <fieldset hidden={genres.length === 0}>
        <legend>{t("films.genre")}</legend>
        {genres.map((genre) => (
          <label key={genre.id} className="facet">
            <input
              type="checkbox"
              checked={genre.id === filters.genre}
              onChange={(event) => onChange({ genre: event.target.checked ? genre.id : null })}
            />
            <span className="facet-name cut">{genre.name}</span>
            <span className="num muted tiny">{t("figure", { value: genre.count })}</span>
          </label>
        ))}
        {(rest > 0 || all) && (
          <button
            type="button"
            className="link small"
            aria-expanded={all}
            aria-controls={id}
            onClick={() => setAll(!all)}
          >
            {all ? t("films.genres.less") : t("films.genres.more", { count: rest })}
          </button>
        )}
      </fieldset>
      {facets.decades.length > 0 && <Decades facets={facets} filters={filters} onChange={onChange} />}
    </div>
  );
}

/** The decades as a chart whose bars are the control. */
function Decades({ facets, filters, onChange }: { facets: Facets; filters: Filters; onChange: Change }) {
  const t = useWords();
  const decades = [...facets.decades].sort((one, other) => one.value.localeCompare(other.value));
  const most = Math.max(1, ...decades.map(({ count }) => count));
  return (
    <fieldset>
      <legend>{t("films.year")}</legend>
      <div className="decades">
        {decades.map(({ value, count }) => {
          const on = value === filters.year;
          const name = yearLabel(value, t);
          return (
            <button
              key={value}
              type="button"
              aria-pressed={on}
              aria-label={t("films.decade.count", { decade: name, count })}
              title={t("films.decade.count", { decade: name, count })}
              onClick={() => onChange({ year: on ? null : value })}
            >
              <i style={{ height: `${Math.max(6, Math.round((count / most) * 100))}%` }} />
              <span className="num" aria-hidden="true">{value.slice(2, 4)}</span>
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
