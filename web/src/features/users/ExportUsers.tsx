import { useWords } from "../../lib/i18n";
import { ExportDialog } from "../../ui/ExportDialog";

interface ExportProps {
  filters: Readonly<Record<string, string>>;
  total: number | undefined;
  onClose: () => void;
}

/** The members of the list as a file. */
export function ExportUsers({ filters, total, onClose }: ExportProps) {
  const t = useWords();
  return (
    <ExportDialog
      title={total === undefined ? t("export.do") : t("users.export.title", { count: total })}
      text={t("users.export.all")}
      path="/users/export"
      filters={filters}
      name="members"
      formats={[
        { value: "csv", label: "CSV", hint: t("export.csvFor") },
        { value: "json", label: "JSON", hint: t("export.jsonFor") },
      ]}
      note={t("users.export.noted")}
      onClose={onClose}
    />
  );
}
