import { type FormEvent, useRef, useState } from "react";
import { patch } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { invalidate } from "../../lib/query";
import { nameOf, type User } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { say } from "../../ui/Toasts";
import { edit, people, take } from "./people";
import { TagField } from "./TagField";

/** What came of the edit before this one: each is sent for the version that the one before it made. */
let before: Promise<User | null> = Promise.resolve(null);

/** Shows at once, and offers the way back; somebody else's change meanwhile is not written over. */
async function setTag(user: User, tag: string, has: boolean): Promise<void> {
  const { id } = user;
  const change = (row: User): User => {
    const rest = row.tags.filter((each) => each !== tag);
    return { ...row, tags: has ? [...rest, tag] : rest };
  };
  const former = before;
  let made: User | null = null;
  const edited = edit(id, change, async () => {
    const [last, shown] = [await former, people.get(id) ?? user];
    const { tags, version } = change(last?.id === id && (last.version ?? 0) > (shown.version ?? 0) ? last : shown);
    const askedAt = Date.now();
    made = take(await patch(`/users/${id}`, { tags }, { version }), askedAt, true);
  });
  before = edited.then(() => made);
  if (!await edited) return;
  invalidate("tags");
  say(has ? "users.tagged" : "users.untagged", { tag, user: nameOf(user) }, () => void setTag(user, tag, !has));
}

/** Somebody's tags, one chip each, and a field for the next. */
export function TagEditor({ user }: { user: User }) {
  const t = useWords();
  const [tag, setTagText] = useState("");
  const box = useRef<HTMLFormElement>(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const next = tag.trim();
    if (next && !user.tags.includes(next)) void setTag(user, next, true);
    setTagText("");
  };
  return (
    <form ref={box} className="form" onSubmit={add} aria-label={t("user.tags")}>
      {user.tags.length > 0 && (
        <ul role="list" className="chips" aria-label={t("user.tags")}>
          {user.tags.map((each) => (
            <li key={each}>
              <button
                type="button"
                className="chip filter-chip"
                aria-label={t("users.tagRemove", { tag: each })}
                onClick={() => {
                  box.current?.querySelector<HTMLElement>("input")?.focus();
                  void setTag(user, each, false);
                }}
              >
                <span className="cut">{each}</span>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="with-button">
        <TagField label={t("users.tagAdd")} value={tag} onChange={(event) => setTagText(event.target.value)} />
        <Button type="submit" disabled={!tag.trim()}>{t("users.tagAddSubmit")}</Button>
      </div>
    </form>
  );
}
