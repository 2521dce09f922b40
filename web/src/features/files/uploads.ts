// Uploads the chosen files, a few at a time. An interrupted upload continues at the offset that the server has; without a connection it waits.
import { get, newKey } from "../../lib/api";
import { t } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { problemText } from "../../ui/States";
import { type Chosen, chosen, chosenFor, readAttachments } from "./index";
import { create, giveUp, offsetOf, send } from "./tus";

/** The part of a chosen file’s state that is not shown. */
interface Work {
  file: File;
  path: string | null;
  stop: AbortController | null;
  failures: number;
  timer: number;
}

export const mostFiles = 10;
const atOnce = 2;
/** How long to wait after each failure in a row, in ms. */
const pauses = [1_000, 2_000, 5_000, 10_000, 20_000];
const works = new Map<string, Work>();

const find = (key: string): Chosen | undefined => chosen.get().find((each) => each.key === key);

function change(key: string, what: Partial<Chosen>): void {
  chosen.set(chosen.get().map((each) => (each.key === key ? { ...each, ...what } : each)));
}

/** Adds files to the message that is being written; false when they are too many, and the rest was left out. */
export function choose(conversation: string, files: readonly File[]): boolean {
  const room = mostFiles - chosenFor(chosen.get(), conversation).length;
  const taken = files.slice(0, Math.max(0, room)).map((file): Chosen => {
    const key = newKey();
    works.set(key, { file, path: null, stop: null, failures: 0, timer: 0 });
    const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.type) && file.size < 20 << 20;
    return {
      key,
      conversation,
      name: file.name,
      type: file.type,
      size: file.size,
      state: "waiting",
      sent: 0,
      why: null,
      file: null,
      preview: isPicture ? URL.createObjectURL(file) : null,
    };
  });
  chosen.set([...chosen.get(), ...taken]);
  pump();
  return taken.length === files.length;
}

/** Begins the next waiting uploads. */
function pump(): void {
  // Files that were sent, or whose person signed out, are forgotten.
  for (const [key, work] of works) {
    if (find(key)) continue;
    clearTimeout(work.timer);
    works.delete(key);
  }
  const all = chosen.get();
  let free = atOnce - all.filter(({ state }) => state === "sending").length;
  for (const { key, state } of all) {
    const work = works.get(key);
    if (free <= 0 || state !== "waiting" || !work || work.timer !== 0) continue;
    free--;
    void run(key, work);
  }
}

async function run(key: string, work: Work): Promise<void> {
  const stop = new AbortController();
  work.stop = stop;
  change(key, { state: "sending", why: null });
  try {
    await transfer(key, work, stop.signal);
    change(key, { state: "here", sent: work.file.size });
  } catch (error) {
    if (!stop.signal.aborted) fail(key, work, error);
  } finally {
    if (work.stop === stop) work.stop = null;
    pump();
  }
}

async function transfer(key: string, work: Work, signal: AbortSignal): Promise<void> {
  const { file } = work;
  let sent = 0;
  if (work.path === null) {
    work.path = await create(file, signal);
  } else {
    sent = await offsetOf(work.path, signal);
  }
  while (sent < file.size) {
    change(key, { sent });
    sent = await send(work.path, file, sent, (bytes) => change(key, { sent: bytes }), signal);
    work.failures = 0;
  }
  const id = work.path.split("/").pop() ?? "";
  const [made] = readAttachments([await get<unknown>(`/files/${id}`, undefined, signal)]);
  change(key, { file: made ?? null });
}

function fail(key: string, work: Work, error: unknown): void {
  const problem = asProblem(error);
  // The server no longer has the upload: it begins again.
  if (problem.status === 404) work.path = null;
  const isFinal = problem.status >= 400 && problem.status < 500 &&
    ![401, 404, 408, 409, 425, 429, 460].includes(problem.status);
  if (isFinal || work.failures >= 20) return change(key, { state: "failed", why: problemText(problem, t) });
  const pause = problem.retryAfter === null
    ? pauses[Math.min(work.failures, pauses.length - 1)] ?? 20_000
    : problem.retryAfter * 1_000;
  work.failures++;
  change(key, { state: "waiting", why: problem.isOffline ? null : problemText(problem, t) });
  work.timer = window.setTimeout(() => {
    work.timer = 0;
    pump();
  }, pause);
}

/** The connection is back: uploads continue without waiting for the end of their pause. */
function hurry(): void {
  for (const work of works.values()) {
    clearTimeout(work.timer);
    work.timer = 0;
  }
  pump();
}
addEventListener("online", hurry);

export function pause(key: string): void {
  const work = works.get(key);
  change(key, { state: "paused" });
  work?.stop?.abort();
}

/** Continues a paused or failed upload. */
export function resume(key: string): void {
  const work = works.get(key);
  if (!work) return;
  clearTimeout(work.timer);
  Object.assign(work, { timer: 0, failures: 0 });
  change(key, { state: "waiting", why: null });
  pump();
}

export function remove(key: string): void {
  const [work, known] = [works.get(key), find(key)];
  if (known?.preview) URL.revokeObjectURL(known.preview);
  chosen.set(chosen.get().filter((each) => each.key !== key));
  work?.stop?.abort();
  if (work?.path) giveUp(work.path);
  pump();
}
