/** What carries the session, the best first: a WebSocket, server-sent events, long polling. */
export type Way = "socket" | "stream" | "poll";
export const ways: readonly Way[] = ["socket", "stream", "poll"];

/** Failures in a row after which the next way is tried; one that hung counts for two. */
const patience = 2;
/** The same for a way that has carried a session before: it is rather the server that is away. */
const trust = 5;
/** How long a lesser way is kept before a better one is tried again, in ms; doubled each time in vain. */
const firstClimb = 30_000;
/** The same after a fall from a way that used to carry: when the server was away, its first trial leads back. */
const soonClimb = 2_000;
const longestClimb = 300_000;

/** Which way to take: down after failures, up again after a while. */
export class Ways {
  now: Way = "socket";
  private failures = 0;
  private proven = new Set<Way>();
  private climbAfter = firstClimb;

  /** As at first, but for what has been learnt of this network. */
  startOver(): void {
    this.now = "socket";
    this.failures = 0;
    this.climbAfter = firstClimb;
  }

  carried(): void {
    this.failures = 0;
    this.proven.add(this.now);
  }

  /** A way that does not lead anywhere gives way to the next; after the last comes the first again. */
  failed(hung: boolean): void {
    this.failures += hung ? 2 : 1;
    const carriedBefore = this.proven.has(this.now);
    if (this.failures < (carriedBefore ? trust : patience)) return;
    if (carriedBefore) this.climbAfter = soonClimb;
    this.failures = 0;
    this.now = ways[(ways.indexOf(this.now) + 1) % ways.length] ?? "socket";
  }

  /** In how many ms a better one is worth a try; null on the best. */
  untilClimb(): number | null {
    const wait = this.climbAfter;
    this.climbAfter = this.now === "socket" ? firstClimb : Math.min(longestClimb, wait * 2);
    return this.now === "socket" ? null : wait;
  }
}
