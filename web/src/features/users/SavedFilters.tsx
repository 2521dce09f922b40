import { type FormEvent, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQueryState } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { Popover } from "../../ui/Popover";
import { problemText } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { textOf } from "./filters";
import { saveFilters, useSaved } from "./saved";

/** The filters that one keeps under a name; an address shares them, since they are nothing else. */
export function SavedFilters() {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={anchor} icon="down" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("saved.title")}
      </Button>
      {open && (
        <Popover anchor={anchor} label={t("saved.title")} align="end" onClose={() => setOpen(false)}>
          <Kept onDone={() => setOpen(false)} />
        </Popover>
      )}
    </>
  );
}

function Kept({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const [query] = useQueryState();
  const { data, problem } = useSaved();
  const current = textOf(query);
  if (problem && !data) return <p className="muted small pad">{problemText(problem, t)}</p>;
  const items = data?.items ?? [];
  const drop = (name: string) => {
    if (!data) return;
    void saveFilters(data, items.filter((each) => each.name !== name)).then((done) => {
      if (done) say("saved.deleted", { name });
    });
  };
  return (
    <div className="saved">
      {items.length === 0 && <p className="muted small pad">{t(current ? "saved.none" : "saved.empty")}</p>}
      <ul role="list" aria-label={t("saved.title")}>
        {items.map((each) => (
          <li key={each.name}>
            <Link
              href={`/panel/members${each.query ? `?${each.query}` : ""}`}
              className="menu-item"
              aria-current={each.query === current ? "true" : undefined}
              onClick={onDone}
            >
              <span className="cut">{each.name}</span>
            </Link>
            <IconButton
              icon="trash"
              size={16}
              label={t("saved.delete", { name: each.name })}
              onClick={() => drop(each.name)}
            />
          </li>
        ))}
      </ul>
      {data && current !== "" && !items.some((each) => each.query === current) && (
        <Keep
          taken={items.map((each) => each.name)}
          onSave={async (name) => {
            const rest = items.filter((each) => each.name !== name);
            if (!await saveFilters(data, [...rest, { name, query: current }])) return;
            say("saved.saved", { name });
            onDone();
          }}
        />
      )}
    </div>
  );
}

function Keep({ taken, onSave }: { taken: readonly string[]; onSave: (name: string) => Promise<void> }) {
  const t = useWords();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim() || busy) return;
    setBusy(true);
    void onSave(name.trim()).finally(() => setBusy(false));
  };
  return (
    <form className="form pad" onSubmit={submit}>
      <TextField
        label={t("saved.name")}
        hint={taken.includes(name.trim()) ? t("saved.replaces") : undefined}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="form-actions start">
        <Button type="submit" look="primary" busy={busy} disabled={!name.trim()}>{t("saved.save")}</Button>
      </div>
    </form>
  );
}
