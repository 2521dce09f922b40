import { useEffect, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Glyph, glyphOf } from "./Glyph";
import { type Chosen, chosen, chosenFor } from "./index";
import { sizeText } from "./sizes";
import { pause, remove, resume } from "./uploads";

/** The files of the message that is being written, with the progress of each upload. */
export function Tray({ conversation }: { conversation: string }) {
  const t = useWords();
  const all = chosenFor(useStore(chosen), conversation);
  if (all.length === 0) return null;
  return (
    <>
      <ul role="list" className="files-tray" aria-label={t("files.tray")}>
        {all.map((each) => <Item key={each.key} item={each} />)}
      </ul>
      <Said items={all} />
    </>
  );
}

function Item({ item }: { item: Chosen }) {
  const t = useWords();
  const { key, name, state, size, sent } = item;
  const share = size === 0 ? 100 : Math.floor(sent / size * 100);
  const goesOn = state === "paused" || state === "failed";
  return (
    <li className={`files-item ${state}`}>
      {item.preview ? <img className="files-thumb" src={item.preview} alt="" /> : (
        <span className="files-thumb">
          <Glyph name={glyphOf(item.type)} size={20} />
        </span>
      )}
      <span className="files-text">
        <span className="cut" title={name}>{name}</span>
        <span className={`tiny cut num ${state === "failed" ? "bad-text" : "muted"}`} title={item.why ?? undefined}>
          {stateText(item, share, t)}
        </span>
      </span>
      {(state === "sending" || state === "waiting") && size > 0 && (
        <button
          type="button"
          className="icon-btn"
          aria-label={t("files.pause", { name })}
          title={t("files.pause", { name })}
          onClick={() => pause(key)}
        >
          <Glyph name="pause" />
        </button>
      )}
      {goesOn && (
        <button
          type="button"
          className="icon-btn"
          aria-label={t(state === "failed" ? "files.retry" : "files.resume", { name })}
          title={t(state === "failed" ? "files.retry" : "files.resume", { name })}
          onClick={() => resume(key)}
        >
          <Icon name="play" size={18} />
        </button>
      )}
      <button
        type="button"
        className="icon-btn"
        aria-label={t("files.remove", { name })}
        title={t("files.remove", { name })}
        onClick={() => remove(key)}
      >
        <Icon name="close" size={16} />
      </button>
      {state !== "here" && state !== "failed" && (
        <span
          className="files-bar"
          role="progressbar"
          aria-label={t("files.progress", { name })}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share}
        >
          <i style={{ width: `${share}%` }} />
        </span>
      )}
    </li>
  );
}

function stateText(item: Chosen, share: number, t: ReturnType<typeof useWords>): string {
  const size = sizeText(item.size, t);
  switch (item.state) {
    case "waiting":
      return item.why ?? t(navigator.onLine ? "files.waiting" : "files.offline");
    case "sending":
      return t("files.sent", { sent: sizeText(item.sent, t), size });
    case "paused":
      return t("files.paused", { share });
    case "failed":
      return item.why ?? "";
    default:
      return t("files.ready", { size });
  }
}

/** Announces the end of each upload, once. */
function Said({ items }: { items: readonly Chosen[] }) {
  const t = useWords();
  const known = useRef(new Map<string, string>());
  const [text, setText] = useState("");
  useEffect(() => {
    const news = items.flatMap(({ key, state, name, why }) => {
      if (known.current.get(key) === state) return [];
      known.current.set(key, state);
      if (state === "here") return [t("files.said.ready", { name })];
      return state === "failed" ? [t("files.said.failed", { name, why: why ?? "" })] : [];
    });
    if (news.length > 0) setText(news.join(". "));
  }, [items]);
  return <p className="hidden" role="status">{text}</p>;
}
