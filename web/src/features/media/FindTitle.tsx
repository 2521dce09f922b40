import "./find.css";
import { type KeyboardEvent, useId, useState } from "react";
import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { useFoundTitles } from "./found";
import { Poster } from "./Poster";
import { pathOf } from "./titles";

/** A search field with suggestions: the arrows and Enter open a title, Enter alone opens all results. */
export function FindTitle() {
  const t = useWords();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const found = useFoundTitles(text);
  const shown = open && text.trim().length >= 2;
  const go = (path: string) => {
    setOpen(false);
    navigate(path);
  };
  const all = () => go(`/films/browse?search=${encodeURIComponent(text.trim())}`);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setOpen(true);
      setAt((now) => Math.max(-1, Math.min(now + step, found.length)));
    } else if (event.key === "Enter" && text.trim()) {
      event.preventDefault();
      const title = found[at];
      if (title) go(pathOf(title));
      else all();
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      setOpen(false);
    }
  };
  return (
    <div
      className="find-title"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <div className="search">
        <Icon name="search" />
        <input
          type="search"
          className="input"
          role="combobox"
          aria-label={t("films.search")}
          placeholder={t("films.search")}
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onFocus={() => setOpen(true)}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(-1);
            setOpen(true);
          }}
        />
      </div>
      {shown && (
        <div className="find-found">
          <ul role="listbox" id={`${id}-list`} aria-label={t("films.suggestions")}>
            {found.map((title, index) => (
              <li
                key={title.id}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === at}
                className="find-option"
                onMouseMove={() => setAt(index)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => go(pathOf(title))}
              >
                <Poster title={title} eager />
                <span className="find-text">
                  <span className="name cut">{title.name}</span>
                  <span className="tiny muted cut">
                    {[t(`films.kind.${title.kind}`), title.year].filter(Boolean).join(" · ")}
                  </span>
                </span>
              </li>
            ))}
            <li
              id={`${id}-${found.length}`}
              role="option"
              aria-selected={at === found.length}
              className="find-option all"
              onMouseMove={() => setAt(found.length)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={all}
            >
              <Icon name="search" />
              <span className="cut">{t("films.searchAll", { text: text.trim() })}</span>
            </li>
          </ul>
        </div>
      )}
    </div>
  );
}
