// The one socket: hello, heartbeat, subscriptions, resume, and coming back. No DOM in here; the surroundings are handed in.
import { afterClose, backoff } from "./backoff";
import { type GatewayEvent, Listeners } from "./listeners";
import { isSeen } from "./positions";
import { createStore } from "./store";
import { type Way, Ways, ways } from "./ways";

export type { GatewayEvent } from "./listeners";

export interface Link {
  state: "idle" | "connecting" | "live" | "waiting" | "stopped";
  latency: number | null;
  /** When the next attempt starts, in ms since 1970. */
  retryAt: number | null;
  attempt: number;
  way: Way;
}

export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface Surroundings {
  open(way: Way): Socket;
  now(): number;
  later(run: () => void, milliseconds: number): number;
  cancel(timer: number): void;
  random(): number;
  /** Makes sure that the session still stands (4401); false when it does not. */
  renew(): Promise<boolean>;
  /** The server said not to come back. */
  ended(code: number): void;
}

interface Subscription {
  id: string;
  topic: string;
  filter: Record<string, unknown> | undefined;
  /** The subscription starts, or starts over: take a snapshot now. */
  fresh(): void;
}

const helloDeadline = 12_000;
/** A ping is answered within this time, or the connection is dead. */
const pongDeadline = 10_000;

const unlinked: Link = { state: "idle", latency: null, retryAt: null, attempt: 0, way: "socket" };

export class Gateway {
  readonly link = createStore<Link>(unlinked);
  private socket: Socket | null = null;
  private session: string | null = null;
  private positions: Record<string, string> = {};
  /** What the server was asked for on this session. */
  private asked = new Set<string>();
  /** What it has answered: an answer may be lost with the connection that carried it. */
  private granted = new Set<string>();
  private subscriptions = new Map<string, Subscription>();
  private listeners = new Listeners();
  private timers = { heartbeat: 0, silence: 0, retry: 0, climb: 0, trial: 0 };
  private way = new Ways();
  /** A better way that is being tried while the present one goes on. */
  private trial: Socket | null = null;
  /** `ready`, until `resumed` tells what of the old session stands. */
  private greeting: GatewayEvent | null = null;
  private heartbeat = 25_000;
  private pingedAt: number | null = null;
  private resuming = false;
  /** What a server that is full asked for, in ms: nobody comes back before it. */
  private notWithin = 0;
  private attempt = 0;
  private nextId = 1;

  constructor(private readonly around: Surroundings) {}

  start(): void {
    if (this.socket || this.link.get().state === "connecting") return;
    this.connect();
  }

  stop(): void {
    this.forget();
    this.session = null;
    this.positions = {};
    this.subscriptions.clear();
    this.asked.clear();
    this.granted.clear();
    this.attempt = 0;
    this.way.startOver();
    this.link.set(unlinked);
  }

  /** Somebody asks, or the network is back: try now rather than later. */
  retryNow(): void {
    if (this.link.get().state !== "waiting") return;
    this.around.cancel(this.timers.retry);
    this.connect();
  }

  /** After a sleep the socket may be dead without knowing: ask it, and give it three seconds. */
  probe(): void {
    if (this.link.get().state !== "live") return this.retryNow();
    this.ping();
    this.expectWithin(3_000);
  }

  /** Runs a listener for events of some types (`user.created`, `user.*`, `*`), of one topic where it is given. */
  on(
    types: string | readonly string[],
    listener: (event: GatewayEvent) => void,
    topic: string | null = null,
  ): () => void {
    return this.listeners.add(typeof types === "string" ? [types] : types, listener, topic);
  }

  subscribe(topic: string, fresh: () => void, filter?: Record<string, unknown>): () => void {
    const subscription: Subscription = { id: `p${this.nextId++}`, topic, filter, fresh };
    this.subscriptions.set(subscription.id, subscription);
    if (this.link.get().state === "live") this.ask(subscription);
    return () => {
      if (!this.subscriptions.delete(subscription.id)) return;
      if (this.link.get().state !== "live") return;
      this.asked.delete(subscription.id);
      this.send({ type: "unsubscribe", id: subscription.id });
    };
  }

  /** Sends a command; false when there is no socket to carry it. */
  send(frame: Record<string, unknown>): boolean {
    if (!this.socket || this.link.get().state === "waiting") return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    this.link.set((link) => ({
      ...link,
      state: "connecting",
      retryAt: null,
      attempt: this.attempt,
      way: this.way.now,
    }));
    const socket = this.around.open(this.way.now);
    this.socket = socket;
    socket.onopen = () => this.hello(socket);
    this.hear(socket);
    this.expectWithin(helloDeadline);
  }

  private hello(socket: Socket): void {
    this.greeting = null;
    this.resuming = this.session !== null;
    socket.send(this.resuming ? this.resumption() : JSON.stringify({ type: "hello" }));
  }

  private hear(socket: Socket): void {
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private receive(data: unknown): void {
    let frame: GatewayEvent;
    try {
      frame = JSON.parse(String(data)) as GatewayEvent;
    } catch {
      return;
    }
    this.expectWithin(this.heartbeat * 2);
    switch (frame.type) {
      case "ready":
        if (this.resuming) return void (this.greeting = frame);
        return this.welcome(frame, false);
      case "resumed":
        return this.welcome({ ...this.greeting, ...frame }, true);
      case "resync":
        this.resync(frame.topic);
        return this.listeners.emit(frame);
      case "pong":
        return this.pong();
      case "subscribed":
        return this.subscribed(frame);
      case "error":
        if (frame["code"] === "unavailable") this.notWithin = 1_000 * Number(frame["retry_after"] ?? 0);
        return void (frame["code"] === "token_expired" && this.renewInPlace());
      default:
        return this.event(frame);
    }
  }

  private welcome(frame: GatewayEvent, resumed: boolean): void {
    const before = this.session;
    this.session = typeof frame["session"] === "string" ? frame["session"] : null;
    if (typeof frame["heartbeat_ms"] === "number") this.heartbeat = Math.max(1_000, frame["heartbeat_ms"]);
    this.expectWithin(this.heartbeat * 2);
    this.attempt = 0;
    this.notWithin = 0;
    this.way.carried();
    this.resuming = false;
    this.greeting = null;
    this.link.set({ state: "live", latency: null, retryAt: null, attempt: 0, way: this.way.now });
    const positions = (frame["positions"] ?? {}) as Record<string, string>;
    if (resumed && this.session === before) this.settle(frame["subscriptions"]);
    else this.startOver(resumed ? Object.keys(positions) : []);
    // Where we stand moves with each event that was missed and follows now; only what is new to us begins here.
    this.positions = { ...positions, ...(resumed ? this.positions : {}) };
    this.ping();
    this.climbLater();
    this.listeners.emit(frame);
  }

  /** The server kept these of our subscriptions: tell it of those that came and went while we were away, or were lost on the way. */
  private settle(kept: unknown): void {
    if (Array.isArray(kept)) this.asked = new Set(kept.map(String).filter((id) => !id.startsWith("user:")));
    for (const id of this.asked) if (!this.subscriptions.has(id)) this.send({ type: "unsubscribe", id });
    const asked = this.asked;
    this.asked = new Set([...asked].filter((id) => this.subscriptions.has(id)));
    for (const subscription of this.subscriptions.values()) {
      if (!asked.has(subscription.id) || !this.granted.has(subscription.id)) this.ask(subscription);
    }
  }

  /** The server knows nothing of them, or made its own of the topics that we named: ours take their place. */
  private startOver(topics: readonly string[]): void {
    this.asked = new Set();
    this.granted = new Set();
    for (const topic of topics) if (!topic.startsWith("user:")) this.send({ type: "unsubscribe", id: topic });
    for (const subscription of this.subscriptions.values()) this.ask(subscription);
  }

  private ask(subscription: Subscription): void {
    const { id, topic, filter } = subscription;
    this.asked.add(id);
    this.send({ type: "subscribe", id, topic, ...(filter ? { filter } : {}) });
  }

  private subscribed(frame: GatewayEvent): void {
    const subscription = this.subscriptions.get(String(frame["id"]));
    if (!subscription) return;
    this.granted.add(subscription.id);
    if (typeof frame.position === "string" && !this.positions[subscription.topic]) {
      this.positions[subscription.topic] = frame.position;
    }
    this.listeners.emit({ ...frame, topic: subscription.topic });
    subscription.fresh();
  }

  private resync(topic: string | undefined): void {
    if (topic) delete this.positions[topic];
    for (const subscription of this.subscriptions.values()) {
      if (!topic || subscription.topic === topic) subscription.fresh();
    }
  }

  private event(frame: GatewayEvent): void {
    const { topic, position } = frame;
    if (topic && position) {
      if (topic !== "presence" && isSeen(this.positions[topic], position)) return;
      this.positions[topic] = position;
    }
    this.listeners.emit(frame);
  }

  private ping(): void {
    this.around.cancel(this.timers.heartbeat);
    if (this.pingedAt === null) this.pingedAt = this.around.now();
    if (this.send({ type: "ping" })) this.expectWithin(Math.min(pongDeadline, this.heartbeat * 2));
    this.timers.heartbeat = this.around.later(() => this.ping(), this.heartbeat);
  }

  private pong(): void {
    if (this.pingedAt === null) return;
    const latency = Math.max(0, Math.round(this.around.now() - this.pingedAt));
    this.pingedAt = null;
    this.link.set((link) => ({ ...link, latency }));
  }

  private expectWithin(milliseconds: number): void {
    this.around.cancel(this.timers.silence);
    this.timers.silence = this.around.later(() => {
      this.socket?.close();
      this.closed(1006, true);
    }, milliseconds);
  }

  private renewInPlace(): void {
    void this.around.renew().then((stands) => {
      if (!stands) this.closed(4500);
    });
  }

  private closed(code: number, hung = false): void {
    const wasLive = this.link.get().state === "live";
    this.forget();
    const next = afterClose(code);
    if (next === "stop") {
      this.link.set({ ...unlinked, state: "stopped", way: this.way.now });
      this.session = null;
      return this.around.ended(code);
    }
    // Who was refused for who they are, or because the server is full, would be so by any way.
    if (!wasLive && next !== "renew" && this.notWithin === 0) this.way.failed(hung);
    const wait = backoff(this.attempt++, this.around.random, this.notWithin);
    this.notWithin = 0;
    this.link.set({
      state: "waiting",
      latency: null,
      retryAt: this.around.now() + wait,
      attempt: this.attempt,
      way: this.way.now,
    });
    this.timers.retry = this.around.later(() => void this.comeBack(next === "renew"), wait);
  }

  private climbLater(): void {
    this.around.cancel(this.timers.climb);
    const wait = this.way.untilClimb();
    if (wait !== null) this.timers.climb = this.around.later(() => this.climb(), wait);
  }

  /** Tries the better ways, one after the other, beside the one that goes on; the session moves over once the new one has it. */
  private climb(way: Way = "socket"): void {
    if (this.link.get().state !== "live" || this.resuming) return this.climbLater();
    if (way === this.way.now) return this.climbLater();
    const trial = this.around.open(way);
    const asked = new Set(this.asked);
    this.trial = trial;
    const giveUp = () => {
      if (this.trial !== trial) return;
      this.dropTrial();
      this.climb(ways[ways.indexOf(way) + 1]);
    };
    this.timers.trial = this.around.later(giveUp, helloDeadline);
    trial.onopen = () => trial.send(this.resumption());
    trial.onclose = giveUp;
    trial.onmessage = (event) => {
      if (this.trial !== trial || !String(event.data).includes('"type":"ready"')) return giveUp();
      this.trial = null;
      this.leaveSocket();
      this.socket = trial;
      this.way.now = way;
      this.resuming = true;
      // What was asked of the old one meanwhile is asked again.
      this.asked = asked;
      this.hear(trial);
      this.receive(event.data);
    };
  }

  private resumption(): string {
    return JSON.stringify({ type: "hello", resume: { session: this.session, positions: this.positions } });
  }

  private dropTrial(): void {
    this.around.cancel(this.timers.trial);
    const trial = this.trial;
    this.trial = null;
    if (!trial) return;
    trial.onopen = trial.onmessage = trial.onclose = null;
    trial.close();
  }

  private async comeBack(renew: boolean): Promise<void> {
    if (renew && !(await this.around.renew())) return;
    if (this.link.get().state === "waiting") this.connect();
  }

  private forget(): void {
    this.dropTrial();
    for (const timer of Object.values(this.timers)) this.around.cancel(timer);
    this.leaveSocket();
  }

  private leaveSocket(): void {
    const socket = this.socket;
    this.socket = null;
    this.pingedAt = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
