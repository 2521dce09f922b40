import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { Popover, roveFocus } from "../../ui/Popover";
import { say } from "../../ui/Toasts";
import { Glyph } from "./Glyph";
import { choose, mostFiles } from "./uploads";

export interface AttachProps {
  conversation: string;
  title: string;
}

const isTouch = (): boolean => matchMedia("(pointer: coarse)").matches;
const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Chooses files: by its button, by dropping them on the page, by pasting; on a phone from its camera, too. */
export function Attach({ conversation, title }: AttachProps) {
  const t = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [over, setOver] = useState(false);
  const add = (all: readonly File[]) => {
    if (all.length > 0 && !choose(conversation, all)) say("files.tooMany", { count: mostFiles });
  };

  useEffect(() => {
    // Entered and left once for each element below the pointer.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (holdsFiles(event) && --depth <= 0) setOver(false);
    };
    const onOver = (event: DragEvent) => holdsFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      add([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent) => {
      const all = [...(event.clipboardData?.files ?? [])];
      if (all.length === 0 || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      add(all);
    };
    document.addEventListener("dragenter", enter);
    document.addEventListener("dragleave", leave);
    document.addEventListener("dragover", onOver);
    document.addEventListener("drop", drop);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragenter", enter);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("dragover", onOver);
      document.removeEventListener("drop", drop);
      document.removeEventListener("paste", paste);
    };
  }, [conversation]);

  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    add([...(event.target.files ?? [])]);
    // The same file may be chosen again.
    event.target.value = "";
  };
  const hidden = { type: "file", className: "hidden", tabIndex: -1, "aria-hidden": true, onChange } as const;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-btn"
        aria-label={t("files.attach")}
        title={t("files.attach")}
        {...(isTouch() ? { "aria-haspopup": "menu", "aria-expanded": open } as const : {})}
        onClick={() => isTouch() ? setOpen(!open) : files.current?.click()}
      >
        <Glyph name="attach" />
      </button>
      <input ref={files} {...hidden} multiple data-files="" />
      <input ref={camera} {...hidden} accept="image/*" capture="environment" />
      {open && (
        <Popover
          anchor={button}
          label={t("files.attach")}
          role="menu"
          side="above"
          align="start"
          className="menu"
          onClose={() => setOpen(false)}
        >
          <div role="none" onKeyDown={(event) => roveFocus(event, "[role=menuitem]")}>
            {([["files.camera", "picture", camera], ["files.choose", "file", files]] as const).map((
              [label, glyph, input],
            ) => (
              <button
                key={label}
                type="button"
                role="menuitem"
                className="menu-item"
                onClick={() => {
                  setOpen(false);
                  input.current?.click();
                }}
              >
                <Glyph name={glyph} />
                {t(label)}
              </button>
            ))}
          </div>
        </Popover>
      )}
      {over && <div className="files-drop" aria-hidden="true">{t("files.drop", { where: title })}</div>}
    </>
  );
}
