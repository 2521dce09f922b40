// Follows calls while somebody is signed in, whatever page is open.
import { get, type Page } from "../../lib/api";
import { gateway, whenMissed } from "../../lib/live";
import { current, elsewhere, incoming, me, starting } from "./calls";
import { ring, silence } from "./ringtone";
import { finish, hearCall } from "./session";
import { type Call, readCall } from "./shapes";

let followers = 0;

const isForMe = ({ callee, state, rings_until }: Call): boolean =>
  callee?.id === me.id && state === "ringing" && rings_until > Date.now() - 60_000;

function stopRinging(id: string): void {
  if (incoming.get()?.id !== id) return;
  incoming.set(null);
  silence();
}

/** Whether another page or device of the person is in the call. */
const isElsewhere = ({ id, state, devices }: Call): boolean =>
  (state === "ringing" || state === "active") && devices.some(({ user_id }) => user_id === me.id) &&
  current.get()?.call.id !== id && !starting.get();

function hear(call: Call): void {
  hearCall(call);
  if (isElsewhere(call)) elsewhere.set(call.id);
  else if (elsewhere.get() === call.id) elsewhere.set(null);
  if (!isForMe(call)) return stopRinging(call.id);
  if (incoming.get()?.id === call.id || current.get()?.call.id === call.id) return;
  incoming.set(call);
  if (!current.get()) ring(false);
}

/** What is on now, after a break: calls that ended meanwhile end here. */
function takeAll(calls: readonly Call[], askedAt: number): void {
  const ids = calls.map(({ id }) => id);
  const ringing = incoming.get();
  if (ringing && !ids.includes(ringing.id)) stopRinging(ringing.id);
  const now = current.get();
  if (now && now.begunAt < askedAt && !ids.includes(now.call.id)) finish();
  if (!ids.includes(elsewhere.get() ?? "")) elsewhere.set(null);
  calls.forEach(hear);
}

function read(): void {
  const askedAt = Date.now();
  get<Page<unknown>>("/calls").then(({ items }) => takeAll(items.map(readCall), askedAt), () => undefined);
}

export function followCalls(user: string): () => void {
  me.id = user;
  followers++;
  const leaves = [
    gateway.on(["call.ringing", "call.updated"], (event) => hear(readCall(event["call"]))),
    whenMissed(read),
  ];
  read();
  return () => {
    leaves.forEach((leave) => leave());
    followers--;
    // It is taken up again at once when only rights have changed; otherwise the person is gone.
    setTimeout(() => {
      if (followers > 0) return;
      finish();
      incoming.set(null);
    }, 0);
  };
}
