// The call that this page is in, and those that ring: the state that the screens show.
import { post } from "../../lib/api";
import { gateway } from "../../lib/live";
import { createStore } from "../../lib/store";
import { type Link, type Measured, type PeerState, type Signal } from "./peer";
import type { Quality } from "./quality";
import type { Call, OwnDevice } from "./shapes";
import { inCall } from "./shown";

export type Phase = "ringing" | Link;

/** The call that this page is in. */
export interface Current {
  call: Call;
  device: OwnDevice;
  phase: Phase;
  /** When this page entered it, in ms since 1970. */
  begunAt: number;
  /** When the two were connected first, in ms since 1970. */
  since: number | null;
  muted: boolean;
  deafened: boolean;
  video: "camera" | "screen" | null;
  /** There is no microphone, or it is not allowed. */
  silent: boolean;
  quality: Quality | null;
  remote: PeerState;
  stream: MediaStream | null;
  own: MediaStream | null;
  /** The browser wants a press before it lets the other be heard. */
  blocked: boolean;
}

export const current = createStore<Current | null>(null);
/** Somebody calls. */
export const incoming = createStore<Call | null>(null);
/** A call that another page or device of the person is in, by id. */
export const elsewhere = createStore<string | null>(null);
/** Between the press and the server's answer. */
export const starting = createStore(false);

current.subscribe(() => inCall.set(current.get() !== null));

export const me = { id: "" };

export const otherIn = (call: Call) => (call.caller?.id === me.id ? call.callee : call.caller);

export function change(changed: Partial<Current>): void {
  current.set((now) => (now ? { ...now, ...changed } : now));
}

/** What the person may do in the call with their rights of now. */
export function mayDo(now: Current): { speak: boolean; video: boolean } {
  const own = now.call.devices.find(({ id }) => id === now.device.id);
  return { speak: own?.may_speak ?? true, video: own?.may_video ?? true };
}

export function begin(call: Call, device: OwnDevice, silent: boolean): void {
  elsewhere.set(null);
  current.set({
    call,
    device,
    phase: call.state === "active" ? "connecting" : "ringing",
    begunAt: Date.now(),
    since: null,
    muted: false,
    deafened: false,
    video: null,
    silent,
    quality: null,
    remote: { muted: false, deafened: false, video: false },
    stream: null,
    own: null,
    blocked: false,
  });
}

const isLive = (): boolean => gateway.link.get().state === "live";

/** Hands a signal to the other device, by the socket or without it. */
export async function sendSignal({ call, device }: Current, data: Signal): Promise<void> {
  const frame = { type: "voice.signal", call_id: call.id, device_id: device.id, data };
  if (isLive() && gateway.send(frame)) return;
  // What is lost here is sent again when another path is looked for.
  await post(`/calls/${call.id}/signal`, { device_id: device.id, data }).catch(() => undefined);
}

/** Says that this page is still in the call. */
export async function renew({ call, device }: Current, quality: Measured | null): Promise<void> {
  const body = { device_id: device.id, ...(quality ? { quality } : {}) };
  if (isLive() && gateway.send({ type: "voice.renew", call_id: call.id, ...body })) return;
  await post(`/calls/${call.id}/renew`, body, { timeout: 4_000 }).catch(() => undefined);
}
