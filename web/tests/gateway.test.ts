import assert from "node:assert/strict";
import { test } from "node:test";
import { Gateway, type GatewayEvent, type Socket } from "../src/lib/gateway";

class Wire implements Socket {
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  says(frame: Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  of(type: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame["type"] === type);
  }
}

/** A world whose clock moves only when told. */
function world(session = true) {
  const wires: Wire[] = [];
  const opened: string[] = [];
  const timers = new Map<number, { at: number; run: () => void }>();
  let clock = 0;
  let nextTimer = 1;
  const ended: number[] = [];
  const gateway = new Gateway({
    open: (way) => {
      opened.push(way);
      const wire = new Wire();
      wires.push(wire);
      return wire;
    },
    now: () => clock,
    later: (run, delay) => {
      timers.set(nextTimer, { at: clock + delay, run });
      return nextTimer++;
    },
    cancel: (timer) => void timers.delete(timer),
    random: () => 0.5,
    renew: () => Promise.resolve(session),
    ended: (code) => void ended.push(code),
  });
  const pass = (milliseconds: number) => {
    const until = clock + milliseconds;
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      timers.delete(due[0]);
      clock = due[1].at;
      due[1].run();
    }
    clock = until;
  };
  const last = () => {
    const wire = wires[wires.length - 1];
    assert(wire);
    return wire;
  };
  const live = (fields: Record<string, unknown> = {}) => {
    last().onopen?.();
    last().says({ type: "ready", session: "s1", heartbeat_ms: 20_000, ...fields });
  };
  return { gateway, wires, opened, pass, last, live, ended };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test("hello comes first, then what was subscribed before there was a socket", () => {
  const { gateway, last, live } = world();
  let fresh = 0;
  gateway.subscribe("presence", () => fresh++, { user_id: { in: ["a"] } });
  gateway.start();
  live();
  assert.deepEqual(last().sent[0], { type: "hello" });
  assert.deepEqual(last().of("subscribe"), [{
    type: "subscribe",
    id: "p1",
    topic: "presence",
    filter: { user_id: { in: ["a"] } },
  }]);
  assert.equal(fresh, 0);
  last().says({ type: "subscribed", id: "p1", topic: "presence", position: "e:4" });
  assert.equal(fresh, 1);
});

test("latency is from ping to pong, and the heartbeat is the server's", () => {
  const { gateway, last, live, pass } = world();
  gateway.start();
  live();
  assert.equal(last().of("ping").length, 1);
  pass(12);
  last().says({ type: "pong" });
  assert.equal(gateway.link.get().latency, 12);
  pass(20_000);
  assert.equal(last().of("ping").length, 2);
});

test("a socket that does not answer a ping in ten seconds is left", () => {
  const { gateway, wires, last, live, pass } = world();
  gateway.start();
  live();
  last().says({ type: "pong" });
  pass(29_999);
  assert.equal(gateway.link.get().state, "live");
  pass(1);
  assert.equal(gateway.link.get().state, "waiting");
  assert(wires[0]?.closed);
  pass(1_000);
  assert.equal(wires.length, 2);
});

test("an event goes to those who asked for its type, its family or its topic, and to nobody else", () => {
  const { gateway, last, live } = world();
  const heard: string[] = [];
  gateway.on("user.created", () => heard.push("type"));
  gateway.on(["user.*", "role.*"], () => heard.push("family"));
  gateway.on("*", () => heard.push("topic"), "users");
  gateway.on("user.created", () => heard.push("other topic"), "roles");
  const leave = gateway.on("user.created", () => heard.push("left"));
  leave();
  gateway.start();
  live();
  last().says({ type: "user.created", topic: "users", position: "e:1" });
  assert.deepEqual(heard, ["type", "family", "topic"]);
  last().says({ type: "presence.update", topic: "presence", position: "p:1" });
  assert.equal(heard.length, 3);
});

test("coming back names the session and the last position of each topic", () => {
  const { gateway, last, live, pass } = world();
  gateway.subscribe("roles", () => undefined);
  gateway.start();
  live();
  last().says({ type: "subscribed", id: "p1", topic: "roles", position: "d:7" });
  last().says({ type: "role.created", topic: "roles", position: "d:8" });
  last().onclose?.({ code: 4000 });
  pass(1_000);
  last().onopen?.();
  assert.deepEqual(last().sent[0], { type: "hello", resume: { session: "s1", positions: { roles: "d:8" } } });
});

test("a session that the server still knows goes on: nothing is asked for again but what changed meanwhile", () => {
  const { gateway, last, live, pass } = world();
  let fresh = 0;
  gateway.subscribe("roles", () => fresh++);
  const leave = gateway.subscribe("audit", () => undefined);
  gateway.start();
  live();
  last().says({ type: "subscribed", id: "p1", topic: "roles", position: "d:7" });
  last().onclose?.({ code: 4000 });
  leave();
  gateway.subscribe("users", () => undefined);
  pass(1_000);
  last().onopen?.();
  last().says({ type: "resumed", session: "s1", positions: { roles: "d:9" } });
  assert.equal(gateway.link.get().state, "live");
  assert.deepEqual(last().of("subscribe").map((frame) => frame["topic"]), ["users"]);
  assert.deepEqual(last().of("unsubscribe").map((frame) => frame["id"]), ["p2"]);
  assert.equal(fresh, 1);
  const heard: unknown[] = [];
  gateway.on("*", (event) => heard.push(event.position));
  for (const position of ["d:8", "d:9", "d:9"]) last().says({ type: "role.updated", topic: "roles", position });
  assert.deepEqual(heard, ["d:8", "d:9"]);
});

test("a wish that was lost with its connection is made again", () => {
  const { gateway, pass, last, live } = world();
  gateway.start();
  live();
  gateway.subscribe("roles", () => undefined);
  gateway.subscribe("users", () => undefined);
  last().says({ type: "subscribed", id: "p1", topic: "roles", position: "d:7" });
  last().onclose?.({ code: 1006 });
  pass(1_000);
  live();
  last().says({ type: "resumed", session: "s1", subscriptions: ["p1", "p9", "user:me"] });
  assert.deepEqual(
    last().of("subscribe").map((frame) => frame["id"]),
    ["p2"],
  );
  assert.deepEqual(last().of("unsubscribe").map((frame) => frame["id"]), ["p9"]);
});

test("a session that the server forgot is asked for again, in place of what it made of our topics", () => {
  const { gateway, last, live, pass } = world();
  gateway.subscribe("presence", () => undefined, { user_id: { in: ["a"] } });
  gateway.start();
  live();
  last().says({ type: "subscribed", id: "p1", topic: "presence", position: "e:1" });
  last().onclose?.({ code: 1006 });
  pass(1_000);
  last().onopen?.();
  last().says({ type: "resumed", session: "s2", positions: { presence: "f:1", "user:me": "d:3" } });
  assert.deepEqual(last().of("unsubscribe").map((frame) => frame["id"]), ["presence"]);
  assert.deepEqual(last().of("subscribe").map((frame) => frame["id"]), ["p1"]);
});

test("an event of a durable topic is heard once, even when it comes twice", () => {
  const { gateway, last, live } = world();
  const heard: string[] = [];
  gateway.on("*", (event: GatewayEvent) => {
    if (event.position && event.type !== "subscribed") heard.push(event.position);
  });
  gateway.subscribe("roles", () => undefined);
  gateway.start();
  live();
  for (const position of ["d:1", "d:2", "d:2", "d:1", "d:3", "e:1"]) {
    last().says({ type: "role.updated", topic: "roles", position });
  }
  assert.deepEqual(heard, ["d:1", "d:2", "d:3", "e:1"]);
});

test("resync asks only those of the topic for a new snapshot", () => {
  const { gateway, last, live } = world();
  const asked: string[] = [];
  gateway.subscribe("roles", () => asked.push("roles"));
  gateway.subscribe("presence", () => asked.push("presence"));
  gateway.start();
  live();
  last().says({ type: "resync", topic: "presence" });
  assert.deepEqual(asked, ["presence"]);
});

test("codes from 4500 stay away, the others come back, 4401 with a fresh session", async () => {
  const gone = world();
  gone.gateway.start();
  gone.live();
  gone.last().onclose?.({ code: 4503 });
  gone.pass(120_000);
  assert.deepEqual(gone.ended, [4503]);
  assert.equal(gone.wires.length, 1);

  for (const code of [1006, 4008, 4499]) {
    const back = world();
    back.gateway.start();
    back.live();
    back.last().onclose?.({ code });
    back.pass(1_000);
    assert.equal(back.wires.length, 2, `${code}`);
  }

  for (const stands of [true, false]) {
    const renewed = world(stands);
    renewed.gateway.start();
    renewed.live();
    renewed.last().onclose?.({ code: 4401 });
    renewed.pass(1_000);
    await settled();
    assert.equal(renewed.wires.length, stands ? 2 : 1);
  }
});

test("each failure waits in a longer window, and success forgets them", () => {
  const { gateway, last, live, pass, wires } = world();
  gateway.start();
  const waits: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    const before = wires.length;
    last().onclose?.({ code: 1006 });
    let waited = 0;
    while (wires.length === before && waited < 60_000) {
      pass(50);
      waited += 50;
    }
    waits.push(waited);
  }
  assert.deepEqual(waits, [250, 500, 1_000, 2_000]);
  live();
  last().onclose?.({ code: 1006 });
  assert.equal(gateway.link.get().retryAt !== null && gateway.link.get().attempt, 1);
});

test("a full server is asked again when it said, by the same way", () => {
  const { gateway, wires, opened, pass, last } = world();
  gateway.start();
  for (let round = 1; round <= 3; round++) {
    last().onopen?.();
    last().says({ type: "error", code: "unavailable", retry_after: 10 });
    last().onclose?.({ code: 4013 });
    pass(9_999);
    assert.equal(wires.length, round);
    pass(6_000);
    assert.equal(wires.length, round + 1);
  }
  assert.deepEqual(new Set(opened), new Set(["socket"]));
});

test("what is no longer followed is given back, and is not asked for again", () => {
  const { gateway, last, live, pass } = world();
  gateway.start();
  live();
  const leave = gateway.subscribe("audit", () => undefined);
  leave();
  leave();
  assert.equal(last().of("unsubscribe").length, 1);
  last().onclose?.({ code: 1006 });
  pass(1_000);
  live();
  assert.equal(last().of("subscribe").length, 0);
});

test("a way that fails twice gives way to the next, and after the last comes the first again", () => {
  const { gateway, last, opened, pass } = world();
  gateway.start();
  for (let turn = 0; turn < 6; turn++) {
    last().onclose?.({ code: 1006 });
    pass(9_000);
  }
  assert.deepEqual(opened, ["socket", "socket", "stream", "stream", "poll", "poll", "socket"]);
});

test("a way that hangs is given up at once; one that has carried the session before is trusted longer", () => {
  const { gateway, last, live, opened, pass } = world();
  gateway.start();
  pass(12_001);
  pass(1_000);
  assert.deepEqual(opened, ["socket", "stream"]);
  live();
  for (let turn = 0; turn < 5; turn++) {
    last().onclose?.({ code: 1006 });
    pass(5_000);
  }
  assert.deepEqual(opened.slice(2), ["stream", "stream", "stream", "stream", "stream"]);
});

test("after a long absence of the server, the way that used to carry is tried again soon", () => {
  const { gateway, wires, last, live, opened, pass } = world();
  gateway.start();
  live();
  while (opened[opened.length - 1] === "socket") {
    last().onclose?.({ code: 1006 });
    pass(9_000);
  }
  live();
  last().says({ type: "resumed" });
  assert.deepEqual([gateway.link.get().state, gateway.link.get().way], ["live", "stream"]);
  const before = wires.length;
  pass(2_000);
  assert.deepEqual(opened.slice(before), ["socket"]);
});

test("who is refused for who they are stays on the way", async () => {
  const { gateway, last, opened, pass } = world();
  gateway.start();
  for (let turn = 0; turn < 3; turn++) {
    last().onclose?.({ code: 4401 });
    pass(9_000);
    await settled();
  }
  assert.deepEqual(new Set(opened), new Set(["socket"]));
});

/** A gateway that is live by server-sent events. */
function fallen() {
  const made = world();
  made.gateway.subscribe("roles", () => undefined);
  made.gateway.start();
  made.pass(12_001);
  made.pass(1_000);
  made.live({ positions: { roles: "d:7" } });
  assert.equal(made.gateway.link.get().way, "stream");
  return made;
}

test("a better way is tried beside the one that goes on, and takes the session over where it stands", () => {
  const { gateway, wires, last, opened, pass } = fallen();
  const stream = last();
  stream.says({ type: "subscribed", id: "p1", topic: "roles", position: "d:7" });
  const events: GatewayEvent[] = [];
  gateway.on("*", (event) => void events.push(event));
  for (let quarter = 0; quarter < 4; quarter++) {
    stream.says({ type: "pong" });
    pass(7_500);
  }
  assert.equal(opened[opened.length - 1], "socket");
  const socket = last();
  socket.onopen?.();
  assert.deepEqual(socket.sent[0], { type: "hello", resume: { session: "s1", positions: { roles: "d:7" } } });
  // What comes by the old one meanwhile is not lost, and not told twice.
  stream.says({ type: "role.created", topic: "roles", position: "d:8" });
  assert.equal(gateway.link.get().way, "stream");
  socket.says({ type: "ready", session: "s1", heartbeat_ms: 20_000, positions: { roles: "d:7" } });
  assert(stream.closed);
  socket.says({ type: "resumed", session: "s1" });
  socket.says({ type: "role.created", topic: "roles", position: "d:8" });
  socket.says({ type: "role.deleted", topic: "roles", position: "d:9" });
  assert.equal(gateway.link.get().way, "socket");
  assert.deepEqual(socket.of("subscribe"), []);
  assert.deepEqual(events.filter((event) => event.topic).map((event) => event.position), ["d:8", "d:9"]);
  assert.equal(wires.length, 3);
});

test("a better way that fails changes nothing, and is tried again later and later", () => {
  const { gateway, last, opened, pass } = fallen();
  const stream = last();
  const trials: number[] = [];
  for (let second = 0; second < 240; second++) {
    stream.says({ type: "pong" });
    pass(1_000);
    if (last() === stream || last().closed) continue;
    trials.push(second);
    last().onclose?.({ code: 1006 });
  }
  assert.equal(gateway.link.get().state, "live");
  assert.equal(gateway.link.get().way, "stream");
  assert(!stream.closed);
  assert.equal(opened.filter((way) => way === "socket").length, 1 + trials.length);
  assert.deepEqual(trials.map((at, index) => at - (trials[index - 1] ?? 0) > 25), trials.map(() => true));
  assert(trials.length >= 3 && trials[2]! - trials[1]! > trials[1]! - trials[0]!);
});
