import { useEffect, useMemo, useRef } from "react";
import { useWords } from "../../lib/i18n";
import { Roll, useRoll } from "../../lib/roll";
import { useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { EmptyState, ErrorState, problemText, Skeleton } from "../../ui/States";
import { useWindow } from "../../ui/useWindow";
import { useInterest } from "../presence/interest";
import { type Column, shownColumns } from "./columns";
import type { Acting } from "./bulk";
import { BulkBar } from "./BulkBar";
import { textOf } from "./filters";
import { useActsUponMany } from "./jobs";
import { fetchPage, forget } from "./people";
import { UserRow } from "./UserRow";
import { reveal, useRoving } from "./useRoving";
import { useSelection } from "./useSelection";

interface ListProps {
  filters: Readonly<Record<string, string>>;
  selected: string | null;
  /** Something above it has not come yet, which would push down whatever stood here. */
  waits: boolean;
  onTotal: (total: number | undefined) => void;
  onAct: (acting: Acting) => void;
}

/** Rows that stand for what is still to be read, at the end. */
const ahead = 8;
/** Whose status is followed: the rows on screen, rounded, so that a small step asks for nothing. */
const followed = 50;

/** Everybody, however many: the rows near the screen are in the page, and pages are read as one goes. */
export function UserList({ filters, selected, waits, onTotal, onAct }: ListProps) {
  const t = useWords();
  const key = `users:list:${JSON.stringify(filters)}`;
  const [list, roll] = useRoll<string>(key, {
    fetch: (cursor, limit, counts) => fetchPage(filters, cursor, limit, counts),
    drop: forget,
    about: ["users"],
  });
  const mark = useRef<HTMLDivElement>(null);
  const shownKey = useRef(key);
  useEffect(() => onTotal(list.total), [list.total]);
  useEffect(() => {
    if (list.length === 0) roll.show(0, 0, 0);
    // Another list begins at its beginning.
    const scroller = mark.current?.closest("main");
    if (scroller && shownKey.current !== key) scroller.scrollTop = 0;
    shownKey.current = key;
  }, [roll]);
  if (list.problem && list.length === 0 && !waits) {
    return (
      <ErrorState
        problem={list.problem}
        onRetry={() => roll.refresh()}
      />
    );
  }
  if (list.length === 0 && list.isWhole && !waits) return <Nobody filtered={Object.keys(filters).length > 0} />;
  return (
    <div ref={mark} className="long-list" hidden={waits}>
      {list.length > 0 && !waits
        ? <Rows key={key} list={list} roll={roll} selected={selected} filter={textOf(filters)} onAct={onAct} />
        : <Skeleton rows={9} />}
      {list.problem && list.length > 0 && (
        <div className="more-row" role="alert">
          <span className="muted">{problemText(list.problem, t)}</span>
          <Button onClick={() => roll.refresh()}>{t("common.retry")}</Button>
        </div>
      )}
    </div>
  );
}

interface RowsProps {
  list: ReturnType<typeof useRoll<string>>[0];
  roll: Roll<string>;
  selected: string | null;
  filter: string;
  onAct: (acting: Acting) => void;
}

function Rows({ list, roll, selected, filter, onAct }: RowsProps) {
  const t = useWords();
  const acts = useActsUponMany();
  const { selection, toggle, selectAll, clear } = useSelection((index) => Roll.row(list, index));
  const columns = useStore(shownColumns);
  const has = (column: Column) => columns.includes(column);
  const body = useRef<HTMLTableSectionElement>(null);
  const shown = useWindow(body, "--member-row");
  const more = list.isWhole ? 0 : Math.min(ahead, Math.max(1, (list.total ?? ahead) - list.length));
  const count = list.length + more;
  const { active, keep, ...keys } = useRoving(body, list.length, shown);
  useEffect(() => {
    // The sheet takes room: what stands above the list may be higher now.
    if (body.current && Roll.row(list, active) === selected) reveal(body.current, active, shown.height);
  }, [selected]);
  const first = Math.min(shown.first, Math.max(0, count - 1));
  const last = Math.min(shown.last, count - 1);
  useEffect(() => roll.show(first, Math.max(last, shown.first + shown.fits), active), [
    roll,
    first,
    last,
    active,
    list,
  ]);
  useInterest(useMemo(() => {
    const from = Math.max(0, Math.floor(first / followed) * followed);
    const to = Math.ceil((last + 1) / followed) * followed;
    return Array.from({ length: to - from }, (_, at) => Roll.row(list, from + at)).filter((id): id is string => !!id);
  }, [list, Math.floor(first / followed), Math.ceil((last + 1) / followed)]));
  const wanted = [...keep.filter((index) => index < list.length)];
  for (let index = first; index <= last; index++) wanted.push(index);
  const indexes = [...new Set(wanted)].sort((a, b) => a - b);
  const table = (
    <table className="table users" role="table" aria-rowcount={Math.max(list.total ?? 0, list.length) + 1}>
      <caption className="hidden">{t("nav.members")}</caption>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {acts && (
            <th role="columnheader" scope="col" className="col-tick">
              <input
                type="checkbox"
                aria-label={t("bulk.tickAll")}
                checked={selection.all}
                ref={(box) => box && (box.indeterminate = !selection.all && selection.ids.size > 0)}
                onChange={selection.all ? clear : selectAll}
              />
            </th>
          )}
          <SortHeader label={t("users.column.member")} ascending="username" descending="-username" first="username" />
          {has("roles") && <th role="columnheader" scope="col" className="col-roles">{t("users.column.roles")}</th>}
          {has("summary") && (
            <th role="columnheader" scope="col" className="col-summary">{t("users.column.summary")}</th>
          )}
          {has("activity") && (
            <th role="columnheader" scope="col" className="col-activity">{t("users.column.activity")}</th>
          )}
          {has("joined") && (
            <SortHeader
              className="col-seen"
              label={t("users.column.joined")}
              ascending="created_at"
              descending="-created_at"
              first="-created_at"
            />
          )}
          {has("seen") && (
            <SortHeader
              className="col-seen"
              label={t("users.column.seen")}
              ascending="last_seen_at"
              descending="-last_seen_at"
              first="-last_seen_at"
            />
          )}
          <th role="columnheader" scope="col" className="col-menu">
            <span className="hidden">{t("common.actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body} role="rowgroup" {...keys}>
        {indexes.flatMap((index, at) => {
          const id = Roll.row(list, index);
          const gap = index - (indexes[at - 1] ?? -1) - 1;
          return [
            gap > 0 && <Gap key={`gap-${at === 0 ? "top" : index}`} height={gap * shown.height} />,
            <UserRow
              key={id ?? index}
              id={id}
              index={index}
              open={id !== undefined && id === selected}
              active={index === active}
              ticked={selection.all || (id !== undefined && selection.ids.has(id))}
              onTick={acts ? toggle : undefined}
            />,
          ];
        })}
        <Gap key="end" height={(count - 1 - (indexes[indexes.length - 1] ?? -1)) * shown.height} />
      </tbody>
    </table>
  );
  return (
    <>
      {table}
      {acts && (
        <BulkBar
          selection={selection}
          total={list.total}
          filter={filter}
          onAct={onAct}
          onAll={selectAll}
          onClear={clear}
        />
      )}
    </>
  );
}

interface SortHeaderProps {
  label: string;
  ascending: string;
  descending: string;
  /** What the first press asks for. */
  first: string;
  className?: string;
}

/** A column's name that puts the list in its order, and turns it around. */
function SortHeader({ label, ascending, descending, first, className = "" }: SortHeaderProps) {
  const [query, setQuery] = useQueryState();
  const sort = query["sort"] ?? "username";
  const now = sort === ascending ? "ascending" : sort === descending ? "descending" : "none";
  const next = now === "none" ? first : now === "ascending" ? descending : ascending;
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={now}>
      <button
        type="button"
        className="sort-button"
        onClick={() => setQuery({ sort: next === "username" ? null : next })}
      >
        {label}
        {now !== "none" && <Icon name={now === "ascending" ? "up" : "down"} size={12} />}
      </button>
    </th>
  );
}

/** The room of rows that are not in the page. */
function Gap({ height }: { height: number }) {
  return (
    <tr className="gap" role="presentation" aria-hidden="true">
      <td style={{ height }} />
    </tr>
  );
}

function Nobody({ filtered }: { filtered: boolean }) {
  const t = useWords();
  return filtered
    ? <EmptyState icon="search" title={t("users.none.title")} text={t("users.none.text")} />
    : <EmptyState icon="members" title={t("users.empty.title")} text={t("users.empty.text")} />;
}
