import { useMemo } from "react";
import { useWords } from "../../lib/i18n";
import { useQueryState } from "../../lib/router";
import { useTyped } from "../../lib/typed";
import { Button } from "../../ui/Button";
import { FilterSelect } from "../../ui/Field";
import { SearchBox } from "../../ui/SearchBox";
import { Segmented } from "../../ui/Segmented";
import { presences } from "../presence/presences";
import { StatusMark } from "../presence/StatusMark";
import { useRoles } from "../roles/roles";
import { type BoardPerson, here, type Order, orders } from "./groups";
import { roleTitle } from "../../lib/roleTitle";

interface BarProps {
  by: Order;
  seesRoles: boolean;
  /** Those that are asked for; none means all. */
  statuses: readonly (typeof here)[number][];
  people: readonly BoardPerson[];
  filtered: boolean;
  onClear: () => void;
}

/** What the board shows and how it is cut; all of it lives in the address. */
export function BoardBar({ by, seesRoles, statuses, people, filtered, onClear }: BarProps) {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const roles = useRoles();
  const [text, setText] = useTyped("text");
  return (
    <>
      <div className="filters" role="search" aria-label={t("board.filters")}>
        <SearchBox label={t("board.search")} value={text} onChange={setText} />
        {seesRoles && (
          <FilterSelect
            label={t("users.filter.role")}
            value={query["role"] ?? ""}
            onChange={(event) => setQuery({ role: event.target.value })}
          >
            <option value="">{t("users.filter.anyRole")}</option>
            {roles.map((role) => <option key={role.id} value={role.id}>{roleTitle(role.name, t)}</option>)}
          </FilterSelect>
        )}
        {filtered && (
          <Button
            look="quiet"
            icon="close"
            onClick={() => {
              setText("");
              onClear();
            }}
          >
            {t("board.clear")}
          </Button>
        )}
      </div>
      <div className="board-by">
        <StatusToggles statuses={statuses} people={people} />
        <div className="board-grouping">
          <span className="tiny muted" aria-hidden="true">{t("board.by")}</span>
          <Segmented<Order>
            legend={t("board.by")}
            value={by}
            onChange={(next) => setQuery({ by: next === "status" ? null : next })}
            segments={orders.filter((each) => each !== "role" || seesRoles).map((each) => ({
              value: each,
              label: t(`board.by.${each}`),
            }))}
          />
        </div>
      </div>
    </>
  );
}

/** Each status with how many there are; pressed ones are asked for. */
function StatusToggles({ statuses, people }: Pick<BarProps, "statuses" | "people">) {
  const t = useWords();
  const [, setQuery] = useQueryState();
  const counts = useMemo(() => {
    const found = { online: 0, idle: 0, dnd: 0 };
    for (const { id } of people) {
      const status = presences.get(id)?.status;
      if (status && status in found) found[status as keyof typeof found]++;
    }
    return found;
  }, [people]);
  return (
    <div className="status-toggles" role="group" aria-label={t("users.filter.status")}>
      {here.map((status) => {
        const isOn = statuses.includes(status);
        const next = isOn ? statuses.filter((each) => each !== status) : [...statuses, status];
        return (
          <button
            key={status}
            type="button"
            className="status-toggle"
            aria-pressed={isOn}
            onClick={() => setQuery({ status: next.length === here.length ? null : next.join() })}
          >
            <StatusMark status={status} silent />
            {t(`status.${status}`)}
            <b className="num">{statuses.length === 0 || isOn ? t("figure", { value: counts[status] }) : "–"}</b>
          </button>
        );
      })}
    </div>
  );
}
