import assert from "node:assert/strict";
import { test } from "node:test";
import { PollSocket, type Requests, StreamSocket } from "../src/lib/carriers";

interface Asked {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
  answer: (response: Response) => void;
  signal: AbortSignal;
}

/** A server whose answers the test gives one by one. */
function server() {
  const asked: Asked[] = [];
  const requests: Requests = {
    headers: () => ({ "X-Foyer-CSRF": "token" }),
    fetch: (path, options) =>
      new Promise((resolve, reject) => {
        const signal = options.signal as AbortSignal;
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        asked.push({
          path,
          method: options.method ?? "GET",
          headers: options.headers as Record<string, string>,
          body: options.body ? JSON.parse(String(options.body)) : undefined,
          answer: resolve,
          signal,
        });
      }),
  };
  return { asked, requests };
}

const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
};
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const resume = { session: "s1", positions: { roles: "d:7", presence: "e:4" } };

test("a poll goes on from where the last answer ended, and says hello by where it stands", async () => {
  const { asked, requests } = server();
  const socket = new PollSocket(requests);
  const frames: unknown[] = [];
  socket.onmessage = (event) => void frames.push(JSON.parse(String(event.data)));
  socket.send(JSON.stringify({ type: "hello", resume }));
  assert.equal(asked[0]?.path, `/api/v1/gateway?wait=0&after=${encodeURIComponent("s1.0;roles=d:7;presence=e:4")}`);
  asked[0]?.answer(json({ items: [{ type: "ready", session: "s2" }, { type: "pong" }], position: "s2.2;roles=d:7" }));
  await turns();
  assert.deepEqual(frames, [{ type: "ready", session: "s2" }, { type: "pong" }]);
  assert.equal(asked[1]?.path, `/api/v1/gateway?wait=20&after=${encodeURIComponent("s2.2;roles=d:7")}`);
  socket.close();
  assert(asked[1]?.signal.aborted);
});

test("frames wait for the session, then go in order, one request at a time", async () => {
  const { asked, requests } = server();
  const socket = new PollSocket(requests);
  socket.send(JSON.stringify({ type: "hello" }));
  socket.send(JSON.stringify({ type: "subscribe", id: "p1" }));
  socket.send(JSON.stringify({ type: "ping" }));
  assert.deepEqual(asked.map((request) => request.path), ["/api/v1/gateway?wait=0"]);
  asked[0]?.answer(json({ items: [{ type: "ready", session: "s1" }], position: "s1.1" }));
  await turns();
  const posts = () => asked.filter((request) => request.method === "POST");
  assert.equal(posts().length, 1);
  assert.equal(posts()[0]?.path, "/api/v1/gateway/s1");
  assert.equal(posts()[0]?.headers["X-Foyer-CSRF"], "token");
  assert.deepEqual(posts()[0]?.body, { frames: [{ type: "subscribe", id: "p1" }, { type: "ping" }] });
  socket.send(JSON.stringify({ type: "ping", id: 2 }));
  await turns();
  assert.equal(posts().length, 1);
  posts()[0]?.answer(new Response(null, { status: 204 }));
  await turns();
  assert.deepEqual(posts()[1]?.body, { frames: [{ type: "ping", id: 2 }] });
  socket.close();
});

test("a stream gives its events whole, however their bytes are cut", async () => {
  const { asked, requests } = server();
  const socket = new StreamSocket(requests);
  const frames: unknown[] = [];
  let code = 0;
  socket.onmessage = (event) => void frames.push(JSON.parse(String(event.data)));
  socket.onclose = (event) => void (code = event.code);
  socket.send(JSON.stringify({ type: "hello", resume }));
  assert.equal(asked[0]?.headers["Last-Event-ID"], "s1.0;roles=d:7;presence=e:4");
  const text = 'retry: 2000\n\nid: s1.1\ndata: {"type":"ready","session":"s1"}\n\n: still here\n\n' +
    'id: s1.2\ndata: {"type":"x","text":"é"}\n\nid: s1.3\ndata: {"type":"close","code":4503}\n\n';
  const bytes = new TextEncoder().encode(text);
  asked[0]?.answer(
    new Response(
      new ReadableStream({
        start(controller) {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
          controller.close();
        },
      }),
    ),
  );
  for (let turn = 0; turn < 50 && code === 0; turn++) await turns();
  assert.deepEqual(frames, [{ type: "ready", session: "s1" }, { type: "x", text: "é" }]);
  assert.equal(code, 4503);
});

for (const [status, code] of [[401, 4401], [423, 4503], [503, 1006], [404, 1006]] as const) {
  test(`an answer of ${status} ends the session with ${code}`, async () => {
    const { asked, requests } = server();
    const socket = new PollSocket(requests);
    const codes: number[] = [];
    socket.onclose = (event) => void codes.push(event.code);
    socket.send(JSON.stringify({ type: "hello" }));
    asked[0]?.answer(json({}, status));
    await turns();
    assert.deepEqual(codes, [code]);
  });
}
