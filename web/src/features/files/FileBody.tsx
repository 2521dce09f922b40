import "./files.css";
import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { Download } from "./Download";
import { Glyph, glyphOf } from "./Glyph";
import { type Attachment, kindOf } from "./index";
import { Lightbox } from "./Lightbox";
import { sizeText } from "./sizes";

export interface FileBodyProps {
  file: Attachment;
  /** All files of the message: an open picture leads to the other pictures. */
  all: readonly Attachment[];
}

/** One file of a message, in the space that was reserved for it. */
export function FileBody({ file, all }: FileBodyProps) {
  switch (kindOf(file)) {
    case "picture":
      return <Picture file={file} all={all} />;
    case "sound":
      return (
        <div className="file-sound">
          <Name file={file} />
          <audio controls preload="metadata" src={file.url} aria-label={file.name} />
        </div>
      );
    case "video":
      return (
        <video className="file-video" controls playsInline preload="metadata" src={file.url} aria-label={file.name} />
      );
    default:
      return (
        <div className="file-card">
          <Glyph name={glyphOf(file.type)} size={24} />
          <Name file={file} />
        </div>
      );
  }
}

function Picture({ file, all }: FileBodyProps) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const [isGone, setGone] = useState(false);
  const pictures = all.filter((each) => kindOf(each) === "picture");
  return (
    <>
      <button
        type="button"
        className="file-picture"
        aria-haspopup="dialog"
        aria-label={t("files.open", { name: file.name })}
        title={file.name}
        onClick={() => setOpen(true)}
      >
        {isGone ? <span className="tiny muted">{t("files.gone")}</span> : (
          <img
            src={file.thumbnail_url ?? file.url}
            width={file.width ?? undefined}
            height={file.height ?? undefined}
            alt=""
            loading="lazy"
            decoding="async"
            onError={() => setGone(true)}
          />
        )}
      </button>
      {open && <Lightbox pictures={pictures} first={pictures.indexOf(file)} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The name and size of a file, with a link to download it. */
function Name({ file }: { file: Attachment }) {
  const t = useWords();
  return (
    <span className="file-name">
      <span className="file-label">
        <span className="cut" title={file.name}>{file.name}</span>
        <span className="tiny muted num">{sizeText(file.size, t)}</span>
      </span>
      <Download file={file} />
    </span>
  );
}
