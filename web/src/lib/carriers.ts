// A gateway socket where there are no WebSockets: frames come as server-sent events or as answers to polls, and go as requests.
import type { Socket } from "./gateway";

export interface Requests {
  fetch(path: string, options: RequestInit): Promise<Response>;
  /** What a mutation of the session carries: its CSRF token. */
  headers(): Record<string, string>;
}

/** Seconds that a poll waits for news. */
const wait = 20;

abstract class RequestSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  protected readonly ending = new AbortController();
  private session: string | null = null;
  private outbox: string[] = [];
  private posting = false;
  private over = false;

  constructor(protected readonly requests: Requests) {
    queueMicrotask(() => this.onopen?.());
  }

  send(text: string): void {
    const frame = JSON.parse(text) as { type: string; resume?: Resume };
    if (frame.type === "hello") return void this.run(placeOf(frame.resume));
    this.outbox.push(text);
    void this.post();
  }

  close(): void {
    this.over = true;
    this.ending.abort();
  }

  /** Brings frames until the session ends. */
  protected abstract carry(place: string | null): Promise<void>;

  protected take(text: string): void {
    if (this.over) return;
    const frame = JSON.parse(text) as { type: string; session?: string; code?: number };
    if (frame.type === "close") return this.end(frame.code ?? 1006);
    if (frame.type === "ready") this.session = frame.session ?? null;
    this.onmessage?.({ data: text });
    if (frame.type === "ready") void this.post();
  }

  protected async ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await this.requests.fetch(path, {
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: this.ending.signal,
    });
    if (!answer.ok) throw new Refusal(answer.status);
    return answer;
  }

  private async run(place: string | null): Promise<void> {
    try {
      await this.carry(place);
      this.end(1006);
    } catch (error) {
      this.end(error instanceof Refusal ? closeCode(error.status) : 1006);
    }
  }

  private end(code: number): void {
    if (this.over) return;
    this.close();
    this.onclose?.({ code });
  }

  /** One request at a time, so that frames arrive in their order. */
  private async post(): Promise<void> {
    if (this.posting || this.session === null || this.outbox.length === 0) return;
    this.posting = true;
    const frames = this.outbox.splice(0, 100);
    try {
      const answer = await this.requests.fetch(`/api/v1/gateway/${this.session}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...this.requests.headers() },
        credentials: "same-origin",
        signal: this.ending.signal,
        body: `{"frames":[${frames.join(",")}]}`,
      });
      if (!answer.ok) throw new Refusal(answer.status);
    } catch (error) {
      return this.end(error instanceof Refusal ? closeCode(error.status) : 1006);
    } finally {
      this.posting = false;
    }
    void this.post();
  }
}

/** Frames as server-sent events. */
export class StreamSocket extends RequestSocket {
  protected async carry(place: string | null): Promise<void> {
    const headers = { Accept: "text/event-stream", ...(place ? { "Last-Event-ID": place } : {}) };
    const answer = await this.ask("/api/v1/gateway", headers);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = block.split("\n").find((line) => line.startsWith("data: "));
        if (data) this.take(data.slice(6));
      }
    }
  }
}

/** Frames as the answers to requests that wait for them. */
export class PollSocket extends RequestSocket {
  protected async carry(place: string | null): Promise<void> {
    let query = place ? `wait=0&after=${encodeURIComponent(place)}` : "wait=0";
    while (!this.ending.signal.aborted) {
      const answer = await this.ask(`/api/v1/gateway?${query}`, { Accept: "application/json" });
      const page = (await answer.json()) as { items: unknown[]; position: string };
      for (const frame of page.items) this.take(JSON.stringify(frame));
      query = `wait=${wait}&after=${encodeURIComponent(page.position)}`;
    }
  }
}

class Refusal extends Error {
  constructor(readonly status: number) {
    super(`answered ${status}`);
  }
}

interface Resume {
  session: string;
  positions: Record<string, string>;
}

/** A session with its place in each topic, as `Last-Event-ID` and `after` name it. */
function placeOf(resume: Resume | undefined): string | null {
  if (!resume) return null;
  const places = Object.entries(resume.positions).slice(0, 50).map(([topic, position]) => `;${topic}=${position}`);
  return `${resume.session}.0${places.join("")}`;
}

/** What a refused request means for the session, in the gateway's words. */
const closeCode = (status: number): number => (status === 401 ? 4401 : status === 423 ? 4503 : 1006);
