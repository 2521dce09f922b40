// The one socket: hello, heartbeat, subscriptions, resume, and coming back. No DOM in here; the surroundings are handed in.
import { afterClose, backoff } from "./backoff";
import { isSeen } from "./positions";
import { createStore } from "./store";

export interface GatewayEvent {
  type: string;
  topic?: string;
  position?: string;
  [field: string]: unknown;
}

export interface Link {
  state: "idle" | "connecting" | "live" | "waiting" | "stopped";
  latency: number | null;
  /** When the next attempt starts, in ms since 1970. */
  retryAt: number | null;
  attempt: number;
}

export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface Surroundings {
  open(): Socket;
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

export class Gateway {
  readonly link = createStore<Link>({ state: "idle", latency: null, retryAt: null, attempt: 0 });
  private socket: Socket | null = null;
  private session: string | null = null;
  private positions: Record<string, string> = {};
  /** What the server was asked for on this session. */
  private asked = new Set<string>();
  private subscriptions = new Map<string, Subscription>();
  private listeners = new Set<(event: GatewayEvent) => void>();
  private timers = { heartbeat: 0, silence: 0, retry: 0 };
  private heartbeat = 25_000;
  private pingedAt: number | null = null;
  private resuming = false;
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
    this.attempt = 0;
    this.link.set({ state: "idle", latency: null, retryAt: null, attempt: 0 });
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

  listen(listener: (event: GatewayEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
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
    this.link.set((link) => ({ ...link, state: "connecting", retryAt: null, attempt: this.attempt }));
    const socket = this.around.open();
    this.socket = socket;
    socket.onopen = () => {
      this.resuming = this.session !== null;
      const resume = this.resuming ? { resume: { session: this.session, positions: this.positions } } : {};
      socket.send(JSON.stringify({ type: "hello", ...resume }));
    };
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
    this.expectWithin(helloDeadline);
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
      case "resumed":
        return this.welcome(frame);
      case "resync":
        return this.resync(frame.topic);
      case "pong":
        return this.pong();
      case "subscribed":
        return this.subscribed(frame);
      case "error":
        return void (frame["code"] === "token_expired" && this.renewInPlace());
      default:
        return this.event(frame);
    }
  }

  private welcome(frame: GatewayEvent): void {
    const before = this.session;
    this.session = typeof frame["session"] === "string" ? frame["session"] : null;
    if (typeof frame["heartbeat_ms"] === "number") this.heartbeat = Math.max(1_000, frame["heartbeat_ms"]);
    this.expectWithin(this.heartbeat * 2);
    this.attempt = 0;
    this.link.set({ state: "live", latency: null, retryAt: null, attempt: 0 });
    const positions = (frame["positions"] ?? {}) as Record<string, string>;
    if (frame.type === "resumed" && this.session === before) this.settle();
    else this.startOver(frame.type === "resumed" ? Object.keys(positions) : []);
    // Where we stand moves with each event that was missed and follows now; only what is new to us begins here.
    this.positions = { ...positions, ...(frame.type === "resumed" ? this.positions : {}) };
    this.ping();
    this.emit(frame);
  }

  /** The server kept our subscriptions: tell it of those that came and went while we were away. */
  private settle(): void {
    for (const id of this.asked) if (!this.subscriptions.has(id)) this.send({ type: "unsubscribe", id });
    const asked = this.asked;
    this.asked = new Set([...asked].filter((id) => this.subscriptions.has(id)));
    for (const subscription of this.subscriptions.values()) if (!asked.has(subscription.id)) this.ask(subscription);
  }

  /** The server knows nothing of them, or made its own of the topics that we named: ours take their place. */
  private startOver(topics: readonly string[]): void {
    this.asked = new Set();
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
    if (typeof frame.position === "string" && !this.positions[subscription.topic]) {
      this.positions[subscription.topic] = frame.position;
    }
    this.emit({ ...frame, topic: subscription.topic });
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
    this.emit(frame);
  }

  private emit(frame: GatewayEvent): void {
    for (const listener of [...this.listeners]) listener(frame);
  }

  private ping(): void {
    this.around.cancel(this.timers.heartbeat);
    if (this.pingedAt === null) this.pingedAt = this.around.now();
    this.send({ type: "ping" });
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
      this.closed(1006);
    }, milliseconds);
  }

  private renewInPlace(): void {
    void this.around.renew().then((stands) => {
      if (!stands) this.closed(4500);
    });
  }

  private closed(code: number): void {
    this.forget();
    const next = afterClose(code);
    if (next === "stop") {
      this.link.set({ state: "stopped", latency: null, retryAt: null, attempt: 0 });
      this.session = null;
      return this.around.ended(code);
    }
    const wait = backoff(this.attempt++, this.around.random);
    this.link.set({ state: "waiting", latency: null, retryAt: this.around.now() + wait, attempt: this.attempt });
    this.timers.retry = this.around.later(() => void this.comeBack(next === "renew"), wait);
  }

  private async comeBack(renew: boolean): Promise<void> {
    if (renew && !(await this.around.renew())) return;
    if (this.link.get().state === "waiting") this.connect();
  }

  private forget(): void {
    for (const timer of Object.values(this.timers)) this.around.cancel(timer);
    const socket = this.socket;
    this.socket = null;
    this.pingedAt = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
