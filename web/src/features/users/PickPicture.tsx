import { useEffect, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";

/** The first picture of what was pasted, which may be text as well. */
const pictureIn = (data: DataTransfer | null): File | null =>
  [...(data?.files ?? [])].find((file) => file.type.startsWith("image/")) ?? null;

/** Chosen, dropped or pasted. */
export function PickPicture({ onPick }: { onPick: (file: File) => void }) {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = pictureIn(event.clipboardData);
      if (file) onPick(file);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [onPick]);
  return (
    <div
      className={`drop ${isOver ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) onPick(file);
      }}
    >
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onPick(file);
        }}
      />
      <Button look="primary" icon="plus" data-autofocus onClick={() => input.current?.click()}>
        {t("avatar.choose")}
      </Button>
      <p className="muted tiny">{t("avatar.dropHint")}</p>
    </div>
  );
}
