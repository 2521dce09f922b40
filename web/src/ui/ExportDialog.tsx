import { useState } from "react";
import { withQuery } from "../lib/api";
import { useWords } from "../lib/i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";
import { Segmented } from "./Segmented";

interface Format<T extends string> {
  value: T;
  label: string;
  /** When to choose it. */
  hint: string;
  /** The file’s ending; without it, the format’s name. */
  ending?: string;
}

interface ExportProps<T extends string> {
  title: string;
  text: string;
  /** Below the base of the API. */
  path: string;
  filters: Readonly<Record<string, string>>;
  /** Of the file, without the ending. */
  name: string;
  formats: readonly [Format<T>, ...Format<T>[]];
  note: string;
  onClose: () => void;
}

/** Exports a list, with its filters, as a file in a chosen format. */
export function ExportDialog<T extends string>(
  { title, text, path, filters, name, formats, note, onClose }: ExportProps<T>,
) {
  const t = useWords();
  const [chosen, setChosen] = useState(formats[0].value);
  const format = formats.find(({ value }) => value === chosen) ?? formats[0];
  return (
    <Dialog
      title={title}
      onClose={onClose}
      width="small"
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <a
            className="btn btn-primary"
            href={`/api/v1${withQuery(path, { ...filters, format: format.value })}`}
            download={`${name}.${format.ending ?? format.value}`}
            onClick={() => setTimeout(onClose)}
          >
            <Icon name="export" />
            <span>{t("export.do")}</span>
          </a>
        </>
      }
    >
      <div className="stack tight">
        <p className="muted small">{text}</p>
        <Segmented legend={t("export.format")} value={chosen} onChange={setChosen} segments={formats} />
        <p className="hint">{format.hint}</p>
        <p className="notice">
          <Icon name="info" /> {note}
        </p>
      </div>
    </Dialog>
  );
}
