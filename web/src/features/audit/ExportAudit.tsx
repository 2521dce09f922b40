import { useWords } from "../../lib/i18n";
import { ExportDialog } from "../../ui/ExportDialog";

/** The entries of the list as a file, or as what can be checked elsewhere. */
export function ExportAudit({ filters, onClose }: { filters: Readonly<Record<string, string>>; onClose: () => void }) {
  const t = useWords();
  return (
    <ExportDialog
      title={t("audit.export.title")}
      text={t("audit.export.all")}
      path="/audit/export"
      filters={filters}
      name="audit"
      formats={[
        { value: "csv", label: "CSV", hint: t("export.csvFor") },
        { value: "json", label: "JSON", hint: t("export.jsonFor") },
        { value: "bundle", label: t("audit.export.bundle"), hint: t("audit.export.bundleFor"), ending: "bundle.jsonl" },
      ]}
      note={t("audit.export.noted")}
      onClose={onClose}
    />
  );
}
