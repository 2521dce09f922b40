import { useEffect, useState } from "react";
import { get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { nameOf, readUser, type User } from "../../lib/resources";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { SearchBox } from "../../ui/SearchBox";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { type Change, type Impact, refusalText, useImpact, useSettled } from "./impact";
import { KeyList } from "./KeyList";

interface PreviewProps {
  name: string;
  /** What the save would send. */
  body: Record<string, unknown>;
  onClose: () => void;
}

/** Who gains what and who loses what before anything is saved; or all that one person could do then. */
export function Preview({ name, body, onClose }: PreviewProps) {
  const t = useWords();
  return (
    <Dialog title={t("preview.title", { role: name })} onClose={onClose}>
      <Body body={body} />
    </Dialog>
  );
}

/** The same beside the editor, where there is room. */
export function PreviewPanel({ name, body }: Omit<PreviewProps, "onClose">) {
  const t = useWords();
  return (
    <section className="stack tight" aria-labelledby="preview-title">
      <h2 id="preview-title">{t("preview.title", { role: name })}</h2>
      <Body body={body} />
    </section>
  );
}

function Body({ body }: { body: Record<string, unknown> }) {
  const t = useWords();
  const sees = useCan("users.read");
  const [person, setPerson] = useState<User | null>(null);
  const asked = useSettled(JSON.stringify(person ? { ...body, user_id: person.id } : body));
  const { data, problem, reload } = useImpact(asked);
  return (
    <>
      {sees && <PersonPick person={person} onPick={setPerson} />}
      {problem && <ErrorState problem={problem} onRetry={reload} />}
      {!problem && !data && <Skeleton rows={4} />}
      {data?.refusal && (
        <p className="form-problem">
          <Icon name="warning" />
          {refusalText(data.refusal, t)}
        </p>
      )}
      {data && (person ? <OfOne impact={data} person={person} /> : <OfAll impact={data} />)}
    </>
  );
}

function OfAll({ impact }: { impact: Impact }) {
  const t = useWords();
  if (impact.affected === 0) {
    return <EmptyState icon="check" title={t("preview.none.title")} text={t("preview.none.text")} />;
  }
  // Where all gain and lose the same, saying it once is enough.
  const differs = (change: Change) =>
    change.gains.length + change.loses.length < impact.gains.length + impact.loses.length;
  return (
    <>
      <p className="preview-count">{t("preview.count", { count: impact.affected })}</p>
      <KeyList say="preview.gains" sign="+" keys={impact.gains} />
      <KeyList say="preview.loses" sign="−" keys={impact.loses} />
      <ul role="list" className="rows" aria-label={t("preview.people")}>
        {impact.changes.map((change) => (
          <li key={change.id} className="row top">
            <div className="row-main">
              <div className="row-title">{change.name}</div>
              {differs(change) && <Signs sign="+" keys={change.gains} />}
              {differs(change) && <Signs sign="−" keys={change.loses} />}
            </div>
          </li>
        ))}
      </ul>
      {impact.affected > impact.changes.length && (
        <p className="muted tiny">{t("say.more", { count: impact.affected - impact.changes.length })}</p>
      )}
    </>
  );
}

function Signs({ sign, keys }: { sign: "+" | "−"; keys: readonly string[] }) {
  const t = useWords();
  if (keys.length === 0) return null;
  return (
    <div className="tiny keys-line">
      <span className="hidden">{t(sign === "+" ? "preview.gains" : "preview.loses")}</span>
      {keys.map((key) => <code key={key}>{sign} {key}</code>)}
    </div>
  );
}

function OfOne({ impact, person }: { impact: Impact; person: User }) {
  const t = useWords();
  const name = nameOf(person);
  return (
    <div className="stack tight" role="group" aria-label={t("preview.result", { user: name })}>
      {impact.gains.length + impact.loses.length === 0 && <p className="muted">{t("preview.same", { user: name })}</p>}
      <KeyList say="preview.gains" sign="+" keys={impact.gains} />
      <KeyList say="preview.loses" sign="−" keys={impact.loses} />
      <KeyList say="preview.then" sign="" keys={impact.result ?? []} />
      {impact.result?.length === 0 && <p className="muted">{t("preview.nothing", { user: name })}</p>}
    </div>
  );
}

/** For one member: found by name, put aside again. */
function PersonPick({ person, onPick }: { person: User | null; onPick: (person: User | null) => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const found = useFound(text);
  if (person) {
    return (
      <p className="preview-person">
        <strong>{nameOf(person)}</strong>
        <button type="button" className="link" onClick={() => onPick(null)}>{t("preview.everybody")}</button>
      </p>
    );
  }
  return (
    <div className="preview-pick">
      <SearchBox label={t("preview.forOne")} value={text} onChange={setText} />
      {found.length > 0 && (
        <ul role="list" className="chips" aria-label={t("preview.found")}>
          {found.map((user) => (
            <li key={user.id}>
              <button
                type="button"
                className="chip"
                onClick={() => {
                  setText("");
                  onPick(user);
                }}
              >
                {nameOf(user)} <span className="muted">@{user.username}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function useFound(text: string): User[] {
  const wanted = useSettled(text.trim(), 150);
  const [found, setFound] = useState<User[]>([]);
  useEffect(() => {
    if (wanted.length < 2) return setFound([]);
    const stop = new AbortController();
    get<Page<unknown>>("/users", { private: false, search: wanted, limit: 6 }, stop.signal).then(
      (page) => setFound(page.items.map(readUser)),
      () => setFound([]),
    );
    return () => stop.abort();
  }, [wanted]);
  return found;
}
