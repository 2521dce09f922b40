import { type KeyboardEvent, useState } from "react";
import { useWords } from "../../lib/i18n";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Download } from "./Download";
import type { Attachment } from "./index";

interface LightboxProps {
  pictures: readonly Attachment[];
  first: number;
  onClose: () => void;
}

/** A picture as large as the window allows. The arrow keys show the other pictures of the message, Esc closes. */
export function Lightbox({ pictures, first, onClose }: LightboxProps) {
  const t = useWords();
  const [at, setAt] = useState(Math.max(0, first));
  const picture = pictures[at];
  if (!picture) return null;
  const count = pictures.length;
  const go = (step: number) => setAt((at + step + count) % count);
  // Works wherever the focus is in the dialog; the page below must not react.
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || count < 2) return;
    event.preventDefault();
    go(step);
  };
  return (
    <div className="contents" onKeyDown={onKeyDown}>
      <Dialog title={picture.name} width="wide" onClose={onClose}>
        <div className="lightbox">
          <div className="lightbox-room">
            <img
              key={picture.id}
              src={picture.url}
              alt={picture.name}
              width={picture.width ?? undefined}
              height={picture.height ?? undefined}
              style={{ backgroundImage: `url("${picture.thumbnail_url ?? picture.url}")` }}
            />
          </div>
          <div className="lightbox-foot">
            {count > 1 && (
              <button
                type="button"
                className="icon-btn"
                aria-label={t("files.previous")}
                title={t("files.previous")}
                onClick={() => go(-1)}
              >
                <Icon name="left" />
              </button>
            )}
            {count > 1 && (
              <span className="tiny muted num" role="status">{t("files.picture", { at: at + 1, count })}</span>
            )}
            {count > 1 && (
              <button
                type="button"
                className="icon-btn"
                aria-label={t("files.next")}
                title={t("files.next")}
                onClick={() => go(1)}
              >
                <Icon name="right" />
              </button>
            )}
            <Download file={picture} />
          </div>
        </div>
      </Dialog>
    </div>
  );
}
