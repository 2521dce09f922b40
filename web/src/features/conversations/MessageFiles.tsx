import { Part } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { type Attachment, fileBody, roomFor } from "../files/index";

/** The files of a message. Each reserves its size, so that nothing moves when it loads. */
export function MessageFiles({ files }: { files: readonly Attachment[] }) {
  const t = useWords();
  return (
    <ul role="list" className="message-files" aria-label={t("chat.files")}>
      {files.map((file) => {
        const { width, height, scales } = roomFor(file);
        return (
          <li key={file.id} style={{ width, ...(scales ? { aspectRatio: `${width} / ${height}` } : { height }) }}>
            <Part of={fileBody} props={{ file, all: files }} coming={null} />
          </li>
        );
      })}
    </ul>
  );
}
