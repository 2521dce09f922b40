import "./arrange.css";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { del, newKey, patch, post, put } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { say, sayProblem } from "../../ui/Toasts";
import { entriesOf, type Entry, inOrder, moveCategory, moveChannel, orderOf } from "./arrange";
import { ChannelForm } from "./ChannelForm";
import { addressOf, categories, type Category, changes, channels, readAll } from "./store";

/** Orders channels and categories, by pointer or with the arrow keys on a handle; one button saves. */
export function ArrangePage() {
  const t = useWords();
  useStore(changes);
  const groups = useStore(categories);
  const [order, setOrder] = useState<readonly string[] | null>(null);
  const [held, setHeld] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [named, setNamed] = useState<Category | "new" | null>(null);
  const [makes, setMakes] = useState(false);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const base = entriesOf(groups, channels());
  const entries = order === null ? base : inOrder(base, order);
  const nameOf = ({ category, channel }: Entry) => category ? category.name : `#${channel?.name ?? ""}`;

  const moveTo = (entry: Entry, at: number) => {
    const next = entry.category ? moveCategory(entries, entry.id, at) : moveChannel(entries, entry.id, at);
    const ids = next.map(({ id }) => id);
    if (ids.join() === entries.map(({ id }) => id).join()) return;
    setOrder(ids.join() === base.map(({ id }) => id).join() ? null : ids);
    const place = next.findIndex(({ id }) => id === entry.id);
    setSaid(t("chat.arrange.said", { name: nameOf(entry), place: place + 1, count: next.length }));
  };
  /** Its position among its siblings. */
  const placeOf = (entry: Entry) => {
    const among = entry.category ? entries.filter(({ category }) => category) : entries;
    return among.findIndex(({ id }) => id === entry.id);
  };
  const onKey = (event: KeyboardEvent, entry: Entry) => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    moveTo(entry, placeOf(entry) + step);
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-id="${entry.id}"] .grip`)?.focus({ preventScroll: false })
    );
  };
  const onMove = (event: PointerEvent, entry: Entry) => {
    if (held !== entry.id) return;
    const rows = [...list.current?.querySelectorAll<HTMLElement>("[data-id]") ?? []].filter((row) =>
      row.dataset["id"] !== entry.id && (!entry.category || row.dataset["kind"] === "category")
    );
    const above = rows.filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2 < event.clientY;
    });
    moveTo(entry, above.length);
  };
  const save = async () => {
    setBusy(true);
    try {
      await put("/channels/order", orderOf(entries));
      await readAll();
      setOrder(null);
      say("chat.arrange.saved");
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const remove = async ({ id }: Category) => {
    try {
      await del(`/channel-categories/${id}`);
      await readAll();
    } catch (error) {
      sayProblem(asProblem(error));
    }
  };
  return (
    <Page
      title={t("chat.arrange.title")}
      before={
        <Link href="/channels" className="icon-btn narrow-only" aria-label={t("chat.back")}>
          <Icon name="left" size={20} />
        </Link>
      }
      actions={
        <>
          <Button icon="plus" onClick={() => setNamed("new")}>{t("chat.arrange.newCategory")}</Button>
          <Button icon="hash" onClick={() => setMakes(true)}>{t("chat.channel.create")}</Button>
        </>
      }
    >
      <p className="muted" id="arrange-hint">{t("chat.arrange.hint")}</p>
      {entries.length === 0 && (
        <EmptyState icon="hash" title={t("chat.channels.none")} text={t("chat.channels.noneHint")} />
      )}
      <ul role="list" className="arrange" ref={list} aria-label={t("chat.arrange.title")}>
        {entries.map((entry) => (
          <li
            key={entry.id}
            data-id={entry.id}
            data-kind={entry.category ? "category" : "channel"}
            className={`${entry.category ? "arrange-category" : "arrange-channel"} ${held === entry.id ? "held" : ""}`}
          >
            <button
              type="button"
              className="grip"
              aria-label={t("chat.arrange.move", { name: nameOf(entry) })}
              aria-describedby="arrange-hint"
              onKeyDown={(event) => onKey(event, entry)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                setHeld(entry.id);
              }}
              onPointerMove={(event) => onMove(event, entry)}
              onPointerUp={() => setHeld(null)}
              onPointerCancel={() => setHeld(null)}
            >
              <Icon name="grip" />
            </button>
            {entry.channel && <Icon name={entry.channel.visibility === "private" ? "lock" : "hash"} />}
            <span className="grow cut">{entry.category ? entry.category.name : entry.channel.name}</span>
            {entry.category
              ? (
                <>
                  <IconButton
                    icon="edit"
                    size={16}
                    label={t("chat.arrange.rename", { name: entry.category.name })}
                    onClick={() => setNamed(entry.category)}
                  />
                  <IconButton
                    icon="trash"
                    size={16}
                    label={t("chat.arrange.delete", { name: entry.category.name })}
                    onClick={() => void remove(entry.category)}
                  />
                </>
              )
              : (
                <Link
                  href={`${addressOf(entry.channel)}?side=details`}
                  className="icon-btn"
                  aria-label={t("chat.arrange.settings", { name: entry.channel.name ?? "" })}
                >
                  <Icon name="settings" size={16} />
                </Link>
              )}
          </li>
        ))}
      </ul>
      <p className="hidden" role="status">{said}</p>
      {order !== null && (
        <div className="arrange-foot">
          <span className="grow muted">{t("chat.arrange.changed")}</span>
          <Button onClick={() => setOrder(null)}>{t("common.cancel")}</Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>{t("common.save")}</Button>
        </div>
      )}
      {named && <CategoryName of={named} onClose={() => setNamed(null)} />}
      {makes && <ChannelForm category={null} onClose={() => setMakes(false)} />}
    </Page>
  );
}

function CategoryName({ of, onClose }: { of: Category | "new"; onClose: () => void }) {
  const t = useWords();
  const [name, setName] = useState(of === "new" ? "" : of.name);
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const save = async () => {
    if (name.trim() === "") return;
    setBusy(true);
    try {
      if (of === "new") {
        const position = Math.max(-1, ...categories.get().map((each) => each.position)) + 1;
        await post("/channel-categories", { name: name.trim(), position }, { key });
      } else {
        await patch(`/channel-categories/${of.id}`, { name: name.trim() }, { key });
      }
      await readAll();
      onClose();
    } catch (error) {
      sayProblem(asProblem(error));
      setBusy(false);
    }
  };
  const title = of === "new" ? t("chat.arrange.newCategory") : t("chat.arrange.rename", { name: of.name });
  return (
    <Dialog
      title={title}
      width="small"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" busy={busy} disabled={name.trim() === ""} onClick={() => void save()}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={t("chat.channel.categoryName")}
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
