import { useWords } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import type { Attachment } from "./index";

export function Download({ file: { name, url } }: { file: Attachment }) {
  const label = useWords()("files.download", { name });
  return (
    <a className="icon-btn" href={url} download={name} aria-label={label} title={label}>
      <Icon name="export" size={18} />
    </a>
  );
}
