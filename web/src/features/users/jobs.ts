// One's own acts upon many: those that run and those that ended lately, kept up to date while one of them runs.
import { useEffect } from "react";
import { get, post } from "../../lib/api";
import { recall, remember } from "../../lib/memory";
import { covers } from "../../lib/permissions";
import { asProblem, type Problem } from "../../lib/problem";
import { addCacheObserver } from "../../lib/query";
import { asList, asRaw } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";
import { now } from "../../lib/time";
import { useSession } from "../accounts/session";
import { refreshEverybody } from "./people";
import { bulkActions, type BulkJob, isOver, readJob } from "./bulk";

export interface Jobs {
  /** The newest first. */
  items: readonly BulkJob[];
  /** The server was asked, whatever came of it. */
  asked: boolean;
  problem: Problem | null;
}

const none: Jobs = { items: [], asked: false, problem: null };
const beat = 700;
/** As many as are shown of those that are over. */
const most = 2;
/** What ended longer ago than a day when the page was opened is no news. */
const since = new Date(Date.now() - 86_400_000).toISOString();

/** What ended well is news for a minute; what was refused to some stays until it is dismissed. */
const newsFor = 60_000;

const jobs = createStore<Jobs>(none);
/** When the last of those ended that were put away, with all before it. */
const away = createStore(recall("bulk.away") ?? "");
let watchers = 0;
let turn = 0;
let timer = 0;

const runs = (): boolean => jobs.get().items.some((job) => !isOver(job));

async function look(): Promise<void> {
  clearTimeout(timer);
  const mine = ++turn;
  try {
    const items = asList(asRaw(await get<unknown>("/users/bulk"))["items"]).map(readJob);
    if (mine !== turn) return;
    const ran = new Set(jobs.get().items.filter((job) => !isOver(job)).map((job) => job.id));
    jobs.set({ items, asked: true, problem: null });
    if (items.some((job) => isOver(job) && ran.has(job.id))) refreshEverybody();
  } catch (error) {
    if (mine !== turn) return;
    jobs.set((all) => ({ ...all, asked: true, problem: asProblem(error) }));
  }
  lookAgain();
}

function lookAgain(): void {
  clearTimeout(timer);
  if (watchers > 0 && runs()) timer = window.setTimeout(() => void look(), beat);
}

/** Begins, ends or undoes one. What is being read meanwhile is older than the answer, and comes to nothing. */
export async function steer(id: string, verb: "run" | "cancel" | "undo"): Promise<BulkJob> {
  const job = readJob(await post<unknown>(`/users/bulk/${id}/${verb}`));
  turn++;
  const rest = jobs.get().items.filter((each) => each.id !== job.id)
    .map((each) => (each.id === job.undoes ? { ...each, canUndo: false, isUndone: true } : each));
  jobs.set((all) => ({ ...all, items: [job, ...rest], problem: null }));
  if (isOver(job)) refreshEverybody();
  lookAgain();
  return job;
}

addCacheObserver({
  invalidate: () => undefined,
  invalidateAll: () => void (watchers > 0 && look()),
  retryOffline: () => void (watchers > 0 && jobs.get().problem?.isOffline && look()),
  forgetAll: () => {
    turn++;
    jobs.set(none);
  },
});

/** Whether anything can be done to many. */
export function useActsUponMany(): boolean {
  const { permissions } = useSession();
  return Object.values(bulkActions).some(({ needs }) => covers(permissions, needs));
}

/** Follows them for as long as somebody looks. */
export function useJobs(follows: boolean): Jobs {
  useEffect(() => {
    if (!follows) return;
    watchers++;
    const { asked, problem } = jobs.get();
    if (!asked || problem || runs()) void look();
    return () => {
      watchers--;
    };
  }, [follows]);
  return useStore(jobs);
}

/** One of them as it is now. */
export function useJob(job: BulkJob): BulkJob {
  const now = useStore(jobs, ({ items }) => items.find((each) => each.id === job.id));
  return now ?? job;
}

/** Those to be shown: what was taken back is shown by what takes it back. */
export function useNews({ items }: Jobs): readonly BulkJob[] {
  const seen = useStore(away);
  const clock = useStore(now);
  const lately = (job: BulkJob) => job.failed > 0 || clock - Date.parse(job.endedAt) < newsFor;
  return items
    .filter((job) => !job.isUndone && (!isOver(job) || (job.endedAt > seen && job.endedAt > since && lately(job))))
    .filter((job, at) => !isOver(job) || at < most);
}

/** Puts away one that is over and all that ended before it, on this device. */
export function putAway(job: BulkJob): void {
  remember("bulk.away", job.endedAt);
  away.set(job.endedAt);
}
