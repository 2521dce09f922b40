import { get, type Page } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asNumber, asRaw, asText } from "../../lib/resources";
import { exact } from "../../lib/time";
import { Dialog } from "../../ui/Dialog";
import { ErrorState, Skeleton } from "../../ui/States";
import { Markdown } from "./MessageText";
import type { Message } from "./shapes";

interface Version {
  version: number;
  content: string;
  at: string;
}

const readVersion = (value: unknown): Version => {
  const raw = asRaw(value);
  return { version: asNumber(raw["version"]) ?? 0, content: asText(raw["content"]) ?? "", at: asText(raw["at"]) ?? "" };
};

/** The earlier versions of a message, the latest first. */
export function EditHistory({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useWords();
  const of = useLanguage();
  const { data, problem, reload } = useQuery<Version[]>(
    `message:${message.id}:history:${message.version}`,
    (signal) =>
      get<Page<unknown>>(`/messages/${message.id}/history`, {}, signal).then(({ items }) =>
        items.map(readVersion).reverse()
      ),
  );
  return (
    <Dialog title={t("chat.history")} onClose={onClose}>
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton rows={3} />}
      {data && (
        <ol role="list" className="versions">
          {data.map(({ version, content, at }, place) => (
            <li key={version}>
              <p className="tiny muted">
                {exact(Date.parse(at), of)}
                {place === 0 && <>· {t("chat.history.now")}</>}
              </p>
              <Markdown text={content} mentions={message.mentions} />
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
