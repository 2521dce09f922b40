// Figures of the server on the cards, read again when what they count changes.
import { useEffect } from "react";
import { get, type Query } from "../../lib/api";
import { gateway } from "../../lib/live";
import { useQuery } from "../../lib/query";
import { asRaw } from "../../lib/resources";

/** An act changes a figure at once; a burst of them costs one more read every so often. */
const pause = 2_000;
const minute = 60_000;

interface Wanted {
  key: string;
  path: string;
  query: () => Query;
  /** Types of events after which it may be another. */
  changedBy: readonly string[];
}

/** How many there are, as the server counts them; null while unknown or not wanted. */
export function useFigure({ key, path, query, changedBy }: Wanted, wanted: boolean): number | null {
  const { data, reload } = useQuery(wanted ? key : null, async () => {
    const total = asRaw(await get(path, { ...query(), limit: 1, count: true }))["total"];
    return typeof total === "number" ? total : 0;
  });
  useEffect(() => {
    if (!wanted) return;
    let timer = 0;
    const soon = () => {
      if (timer === 0) {
        timer = window.setTimeout(() => {
          timer = 0;
          reload();
        }, pause);
      }
    };
    const leave = gateway.on([...changedBy], soon);
    const beat = setInterval(() => document.hidden || reload(), minute);
    return () => {
      leave();
      clearTimeout(timer);
      clearInterval(beat);
    };
  }, [wanted, reload]);
  return data ?? null;
}

const hour = 3_600_000;
const roleActs = ["assign", "revoke", "create", "update", "delete", "restore", "rollback", "reorder"];

/** What was done to roles within the last hour. */
export const roleChanges: Wanted = {
  key: "count:role-changes",
  path: "/audit",
  query: () => ({
    action: roleActs.map((act) => `role.${act}`).join(),
    result: "success",
    from: new Date(Date.now() - hour).toISOString(),
  }),
  changedBy: ["role.*"],
};

/** Who waits for the team's answer. */
export const pendingRequests: Wanted = {
  key: "count:requests",
  path: "/registrations",
  query: () => ({}),
  changedBy: ["registration.updated"],
};
