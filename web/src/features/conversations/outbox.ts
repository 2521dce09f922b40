// Messages that are not confirmed yet: stored on this device, sent in order, exactly once. No DOM, no network.
import type { Problem } from "../../lib/problem";
import type { Attachment } from "../files/index";
import { createStore } from "../../lib/store";

export interface Pending {
  key: string;
  conversation: string;
  content: string;
  reply_to: string | null;
  /** Uploaded already. */
  files: readonly Attachment[];
  /** When it was written, in ms since 1970. */
  at: number;
  /** The reason of a refusal; null while it waits. */
  refusal: string | null;
}

export interface OutboxSurroundings {
  /** The storage of this device, shared by all tabs. */
  load(): Pending[];
  save(all: readonly Pending[]): void;
  /** Sends a message; throws a problem if it is refused or cannot be sent. */
  send(pending: Pending): Promise<void>;
  /** Only one tab at a time sends for a conversation. */
  alone(name: string, run: () => Promise<void>): Promise<void>;
  problemOf(error: unknown): Problem;
  words(problem: Problem): string;
  later(run: () => void, milliseconds: number): void;
}

/** Milliseconds after a failure that is not a refusal of the message. */
const pauses = [1_000, 2_000, 5_000, 10_000, 20_000];

export class Outbox {
  readonly pending = createStore<readonly Pending[]>([]);
  private readonly busy = new Set<string>();
  private failures = 0;

  constructor(private readonly around: OutboxSurroundings) {
    this.pending.set(around.load());
  }

  of(conversation: string): Pending[] {
    return this.pending.get().filter((each) => each.conversation === conversation);
  }

  /** Another tab changed the storage. */
  reload(): void {
    this.pending.set(this.around.load());
  }

  add(pending: Pending): void {
    this.change((all) => [...all, pending]);
    void this.flush(pending.conversation);
  }

  /** Retries a refused message with the same key, as the last of its conversation. */
  retry(key: string): void {
    const found = this.pending.get().find((each) => each.key === key);
    if (!found) return;
    this.change((all) => [...all.filter((each) => each.key !== key), { ...found, refusal: null }]);
    void this.flush(found.conversation);
  }

  withdraw(key: string): void {
    this.change((all) => all.filter((each) => each.key !== key));
  }

  /** The message is confirmed, by its answer or by an event. */
  done(key: string): void {
    if (this.pending.get().some((each) => each.key === key)) this.withdraw(key);
  }

  /** The connection is back. */
  flushAll(): void {
    this.failures = 0;
    for (const conversation of new Set(this.pending.get().map((each) => each.conversation))) {
      void this.flush(conversation);
    }
  }

  async flush(conversation: string): Promise<void> {
    if (this.busy.has(conversation)) return;
    this.busy.add(conversation);
    try {
      await this.around.alone(conversation, async () => {
        this.reload();
        for (let next = this.next(conversation); next; next = this.next(conversation)) {
          if (!(await this.sendOne(next))) break;
        }
      });
    } finally {
      this.busy.delete(conversation);
    }
  }

  private next(conversation: string): Pending | undefined {
    return this.pending.get().find((each) => each.conversation === conversation && each.refusal === null);
  }

  /** False when the rest has to wait. */
  private async sendOne(pending: Pending): Promise<boolean> {
    try {
      await this.around.send(pending);
      this.failures = 0;
      this.done(pending.key);
      return true;
    } catch (error) {
      const problem = this.around.problemOf(error);
      if (isFinal(problem)) {
        const refusal = this.around.words(problem);
        this.change((all) => all.map((each) => (each.key === pending.key ? { ...each, refusal } : each)));
        return true;
      }
      const pause = problem.retryAfter === null
        ? pauses[Math.min(this.failures++, pauses.length - 1)] ?? 20_000
        : problem.retryAfter * 1_000;
      this.around.later(() => void this.flush(pending.conversation), pause);
      return false;
    }
  }

  private change(how: (all: readonly Pending[]) => readonly Pending[]): void {
    const next = how(this.around.load());
    this.around.save(next);
    this.pending.set(next);
  }
}

/** Whether the server refused the message; other failures are retried. */
export const isFinal = ({ status }: Problem): boolean =>
  status >= 400 && status < 500 && ![401, 408, 409, 425, 429].includes(status);
