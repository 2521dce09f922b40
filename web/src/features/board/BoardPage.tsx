import { type FocusEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { forbidden } from "../../lib/problem";
import { useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { moveBetweenRows } from "../../ui/rows";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { presences } from "../presence/presences";
import { roles } from "../roles/roles";
import { type Board, type BoardFilters, Watch } from "./board";
import { BoardBar } from "./BoardBar";
import { BoardGroup } from "./BoardGroup";
import { group, here, type Order, orders } from "./groups";

/** Who is there now, live: by status, by role or by what they do. */
export function BoardPage() {
  const t = useWords();
  const may = useCan("presence.read");
  if (!may) {
    return (
      <Page title={t("board.title")}>
        <ErrorState problem={forbidden(t("problem.needs", { key: "presence.read" }))} />
      </Page>
    );
  }
  return <Allowed />;
}

const nothing: Board = { people: [], reading: { read: 0, total: 0 }, whole: true, problem: null };

function useBoard(filters: BoardFilters): { board: Board; reload: () => void } {
  const key = JSON.stringify(filters);
  const [watch, setWatch] = useState<Watch | null>(null);
  useEffect(() => {
    const mine = new Watch(filters);
    setWatch(mine);
    return () => mine.stop();
    // The key says what the filters are.
  }, [key]);
  const [board, setBoard] = useState(nothing);
  useEffect(() => {
    if (!watch) return;
    setBoard(watch.store.get());
    return watch.store.subscribe(() => setBoard(watch.store.get()));
  }, [watch]);
  return { board, reload: () => void watch?.read() };
}

function Allowed() {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const seesRoles = useCan("roles.read");
  const byId = useStore(roles, (all) => all.byId);
  const statuses = here.filter((each) => (query["status"] ?? "").split(",").includes(each));
  const filters: BoardFilters = {
    statuses: statuses.length === here.length ? [] : statuses,
    role: query["role"] ?? null,
    text: query["text"] ?? "",
  };
  const { board, reload } = useBoard(filters);
  const by: Order = orders.find((each) => each === query["by"] && (each !== "role" || seesRoles)) ?? "status";
  const groups = useMemo(
    () => group(board.people, by, (id) => presences.get(id), byId),
    [board.people, by, byId],
  );
  const isFiltered = filters.statuses.length > 0 || filters.role !== null || filters.text !== "";
  const clear = () => setQuery({ status: null, role: null, text: null });
  const isFirst = board.reading !== null && board.people.length === 0;
  const body = useRef<HTMLDivElement>(null);
  const keep = useKeptFocus(body, groups);
  return (
    <Page
      title={t("board.title")}
      after={!isFirst && !board.problem && (
        <span className="count num">{t("board.count", { count: board.people.length })}</span>
      )}
    >
      <BoardBar
        by={by}
        seesRoles={seesRoles}
        statuses={statuses}
        people={board.people}
        filtered={isFiltered}
        onClear={clear}
      />
      {board.reading && board.reading.total > 0 && <Reading read={board.reading.read} total={board.reading.total} />}
      {!board.whole && <p className="note" role="status">{t("board.notWhole", { count: board.people.length })}</p>}
      <div ref={body} className="board" aria-busy={board.reading !== null} onFocus={keep} onKeyDown={moveBetweenRows}>
        {board.problem && <ErrorState problem={board.problem} onRetry={reload} />}
        {!board.problem && isFirst && <Skeleton rows={8} />}
        {!board.problem && !isFirst && groups.length === 0 && (isFiltered
          ? (
            <EmptyState icon="search" title={t("board.none.title")} text={t("board.none.text")}>
              <Button onClick={clear}>{t("board.clear")}</Button>
            </EmptyState>
          )
          : <EmptyState icon="members" title={t("board.empty.title")} text={t("board.empty.text")} />)}
        {!board.problem && groups.map((each) => <BoardGroup key={`${by}:${each.key}`} by={by} group={each} />)}
      </div>
      <Spoken board={board} of={JSON.stringify([filters, by])} />
    </Page>
  );
}

/** Long work shows how far it is. */
function Reading({ read, total }: { read: number; total: number }) {
  const t = useWords();
  return (
    <div className="board-reading tiny muted">
      <progress value={read} max={Math.max(total, read)} aria-label={t("board.reading")} />
      <span className="num">{t("board.readingOf", { read, total })}</span>
    </div>
  );
}

/** Says how many there are when somebody asked something else; never for each who comes or goes. */
function Spoken({ board, of }: { board: Board; of: string }) {
  const t = useWords();
  const [said, setSaid] = useState("");
  const done = useRef("");
  useEffect(() => {
    if (board.reading || done.current === of) return;
    done.current = of;
    setSaid(t("board.count", { count: board.people.length }));
  }, [board, of]);
  return <div className="hidden" role="status">{said}</div>;
}

/** Somebody who moves to another group takes the focus along; when they left, it goes to the next who stays. */
function useKeptFocus(body: { readonly current: HTMLElement | null }, groups: unknown): (event: FocusEvent) => void {
  const last = useRef<{ id: string; index: number } | null>(null);
  useLayoutEffect(() => {
    const node = body.current;
    if (!node || !last.current || document.activeElement !== document.body) return;
    const links = [...node.querySelectorAll<HTMLElement>(".row-link")];
    const same = links.find((link) =>
      link.closest<HTMLElement>("[data-person]")?.dataset["person"] === last.current?.id
    );
    (same ?? links[Math.min(last.current.index, links.length - 1)])?.focus({ preventScroll: true });
  }, [groups]);
  return (event) => {
    const id = event.target.closest<HTMLElement>("[data-person]")?.dataset["person"];
    const links = [...body.current?.querySelectorAll(".row-link") ?? []];
    last.current = id ? { id, index: links.indexOf(event.target) } : null;
  };
}
