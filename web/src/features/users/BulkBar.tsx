import { useWords } from "../../lib/i18n";
import { covers } from "../../lib/permissions";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useSession } from "../accounts/session";
import { type Acting, type BulkAction, bulkActions, bulkNames, type BulkTarget } from "./bulk";
import { type Selection } from "./useSelection";

interface BarProps {
  selection: Selection;
  total: number | undefined;
  /** The filters of the list, as text. */
  filter: string;
  onAct: (acting: Acting) => void;
  onAll: () => void;
  onClear: () => void;
}

/** What can be done to those who are ticked; it stays in sight while one scrolls. */
export function BulkBar({ selection, total, filter, onAct, onAll, onClear }: BarProps) {
  const t = useWords();
  const { permissions } = useSession();
  const count = selection.all ? total ?? 0 : selection.ids.size;
  const target: BulkTarget = selection.all ? { filter } : { users: [...selection.ids] };
  const isOfDeleted = new URLSearchParams(filter).get("deleted") === "true";
  const fits = (name: BulkAction) =>
    covers(permissions, bulkActions[name].needs) && (name === "restore") === isOfDeleted;
  if (count === 0) return null;
  return (
    <div className="bulk-bar" role="region" aria-label={t("bulk.bar")}>
      <span className="num" role="status">{t(selection.all ? "bulk.all" : "bulk.count", { count })}</span>
      {!selection.all && total !== undefined && total > count && (
        <Button look="quiet" onClick={onAll}>{t("bulk.selectAll", { count: total })}</Button>
      )}
      <Menu
        label={t("bulk.act")}
        text={t("bulk.act")}
        items={bulkNames.filter(fits).map((action) => ({
          label: t(`bulk.action.${action}`),
          icon: bulkActions[action].icon,
          danger: bulkActions[action].danger ?? false,
          onSelect: () => onAct({ action, target, onBegun: onClear }),
        }))}
      />
      <Button look="quiet" icon="close" onClick={onClear}>{t("bulk.clear")}</Button>
    </div>
  );
}
