// What runs while this page is in a call: the microphone, the connection to the other, signals, renewals.
import { get, post } from "../../lib/api";
import { gateway } from "../../lib/live";
import { asList, asRaw, asText } from "../../lib/resources";
import { asProblem } from "../../lib/problem";
import { say, sayProblem } from "../../ui/Toasts";
import { begin, change, current, elsewhere, incoming, mayDo, me, renew, sendSignal, starting } from "./calls";
import { choice, openCamera, openMicrophone, openScreen, silentTrack } from "./devices";
import { type Measured, Peer, type Signal } from "./peer";
import { qualityOf } from "./quality";
import { ring, silence } from "./ringtone";
import { type Call, readCall } from "./shapes";

const renewEvery = 4_000;
/** Of so many renewals one carries what was measured. */
const measureEvery = 4;

let peer: Peer | null = null;
let isOpening = false;
let microphone: MediaStreamTrack | null = null;
let picture: MediaStreamTrack | null = null;
let speaker: HTMLAudioElement | null = null;
let measured: Measured | null = null;
let timer = 0;
let turn = 0;
let leaves: (() => void)[] = [];

type Sinkable = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };

async function servers(): Promise<RTCIceServer[]> {
  const answer = await get<unknown>("/voice/ice").catch(() => ({}));
  return asList(asRaw(answer)["ice_servers"]).map(asRaw).map((each) => ({
    urls: asList(each["urls"]).map(String),
    ...(asText(each["username"]) ? { username: String(each["username"]), credential: String(each["credential"]) } : {}),
  }));
}

/** Calls somebody. */
export async function startCall(user: string): Promise<void> {
  if (starting.get() || current.get()) return;
  if (elsewhere.get()) return say("voice.elsewhere");
  starting.set(true);
  try {
    microphone = await openMicrophone();
    enter(readCall(await post<unknown>("/calls", { to: user })));
  } catch (error) {
    dropMedia();
    sayProblem(asProblem(error), () => void startCall(user));
  } finally {
    starting.set(false);
  }
}

/** Answers the call that rings. */
export async function acceptCall(call: Call): Promise<void> {
  if (starting.get()) return;
  starting.set(true);
  silence();
  try {
    if (current.get()) await hangUp();
    microphone = await openMicrophone();
    enter(readCall(await post<unknown>(`/calls/${call.id}/accept`)));
  } catch (error) {
    dropMedia();
    sayProblem(asProblem(error));
  } finally {
    incoming.set(null);
    starting.set(false);
  }
}

export async function declineCall(call: Call): Promise<void> {
  silence();
  incoming.set(null);
  await post(`/calls/${call.id}/decline`).catch((error: unknown) => {
    const problem = asProblem(error);
    if (problem.code !== "call_over") sayProblem(problem, () => void declineCall(call));
  });
}

/** Leaves the call, or gives it up. */
export async function hangUp(): Promise<void> {
  const now = current.get();
  if (!now) return;
  const quality = await peer?.measure().catch(() => null);
  finish();
  const last = { device_id: now.device.id, quality };
  if (quality) await post(`/calls/${now.call.id}/renew`, last).catch(() => undefined);
  await post(`/calls/${now.call.id}/leave`).catch(() => undefined);
}

function enter(call: Call): void {
  if (!call.device) {
    dropMedia();
    if (call.state === "busy") say("voice.busy");
    else if (call.state === "ringing" || call.state === "active") say("voice.elsewhere");
    return;
  }
  const { device } = call;
  begin(call, device, microphone === null);
  if (microphone === null) say("voice.noMicrophone");
  if (call.state === "ringing") ring(true);
  // The subscription starts, or starts over after a break in which signals may have been lost.
  leaves = [
    gateway.on("voice.signal", (event) => void hear(event["data"], asText(event["to"])), device.topic),
    gateway.subscribe(device.topic, () => void catchUp(call.id)),
  ];
  addEventListener("pagehide", leaveWithPage);
  addEventListener("online", changedNetwork);
  timer = setInterval(() => void tick(), renewEvery) as unknown as number;
  void tick();
}

/** What was told of the call before its signals were followed, or while they were not. */
async function catchUp(id: string): Promise<void> {
  const found = await get<unknown>(`/calls/${id}`).catch(() => null);
  if (found) hearCall(readCall(found));
  if (current.get()?.call.state !== "active") return;
  if (peer && !peer.isConnected) await peer.restart();
  else await open();
}

function changedNetwork(): void {
  if (peer && !peer.isConnected) void peer.restart();
}

/** Closing the window ends the call. */
function leaveWithPage(): void {
  const now = current.get();
  if (now) void post(`/calls/${now.call.id}/leave`).catch(() => undefined);
  finish();
}

async function tick(): Promise<void> {
  const now = current.get();
  if (!now) return;
  const found = now.phase === "ringing" ? null : await peer?.measure().catch(() => null) ?? null;
  if (found) {
    if (measured) change({ quality: qualityOf(measured, found) });
    measured = found;
  }
  await renew(now, turn++ % measureEvery === 1 ? found : null);
}

async function hear(data: unknown, to: string | null): Promise<void> {
  if (to !== current.get()?.device.id) return;
  await open();
  await peer?.receive(data as Signal).catch((error: unknown) => console.warn("signal", error));
}

let opening: Promise<void> | null = null;
const open = (): Promise<void> => opening ??= openPeer().finally(() => opening = null);

/** Makes the connection once; both sides do, and the one who was called gives way. */
async function openPeer(): Promise<void> {
  const before = current.get();
  if (!before || peer || isOpening) return;
  isOpening = true;
  const found = await servers();
  isOpening = false;
  const now = current.get();
  if (!now || now.device.id !== before.device.id) return;
  const made = new Peer(now.call.callee?.id === me.id, found, {
    servers,
    send: (signal) => {
      const at = current.get();
      if (at) void sendSignal(at, signal);
    },
    link: (phase) => {
      const since = current.get()?.since ?? null;
      change({ phase, since: phase === "connected" ? since ?? Date.now() : since });
      if (phase === "connected") tellState();
    },
    stream: (stream) => {
      change({ stream });
      play(stream);
    },
    state: (remote) => change({ remote }),
  });
  peer = made;
  const audio = microphone ?? silentTrack();
  if (audio) made.setAudio(audio);
  if (picture) made.setVideo(picture);
  applyMute();
}

function play(stream: MediaStream): void {
  speaker ??= new Audio();
  speaker.srcObject = new MediaStream(stream.getAudioTracks());
  const { speaker: wanted } = choice();
  if (wanted) void (speaker as Sinkable).setSinkId?.(wanted).catch(() => undefined);
  applyMute();
  speaker.play().then(() => change({ blocked: false }), () => change({ blocked: true }));
}

/** After the press that the browser wanted. */
export const playAgain = (): void => void speaker?.play().then(() => change({ blocked: false }), () => undefined);

/** The server tells of a call. */
export function hearCall(call: Call): void {
  const now = current.get();
  if (now?.call.id !== call.id) return;
  if (call.state !== "ringing" && call.state !== "active") return ended(call);
  change({ call: { ...call, device: now.device } });
  applyMute();
  if (call.state === "active" && now.call.state === "ringing") {
    silence();
    change({ phase: "connecting" });
    void open();
  }
}

function ended(call: Call): void {
  finish();
  switch (call.state) {
    case "declined":
      return say("voice.declined");
    case "missed":
      return say("voice.unanswered");
    case "ended":
      return say("voice.over");
    default:
  }
}

/** The call is over for this page, whatever the server says. */
export function finish(): void {
  silence();
  clearInterval(timer);
  removeEventListener("pagehide", leaveWithPage);
  removeEventListener("online", changedNetwork);
  leaves.forEach((leave) => leave());
  leaves = [];
  peer?.close();
  peer = null;
  [measured, turn] = [null, 0];
  if (speaker) speaker.srcObject = null;
  dropMedia();
  current.set(null);
}

function dropMedia(): void {
  microphone?.stop();
  picture?.stop();
  microphone = picture = null;
}

// MARK: What the person does in the call

function applyMute(): void {
  const now = current.get();
  if (!now) return;
  const { speak } = mayDo(now);
  if (microphone) microphone.enabled = speak && !now.muted && !now.deafened;
  const other = now.call.devices.find(({ id }) => id !== now.device.id);
  if (speaker) speaker.muted = now.deafened || other?.may_speak === false;
}

function tellState(): void {
  const now = current.get();
  if (!now || now.phase === "ringing") return;
  const muted = now.muted || now.deafened || now.silent || !mayDo(now).speak;
  void sendSignal(now, { state: { muted, deafened: now.deafened, video: now.video !== null } });
}

function set(changed: Parameters<typeof change>[0]): void {
  change(changed);
  applyMute();
  tellState();
}

export const toggleMute = (): void => set({ muted: !current.get()?.muted });
export const toggleDeaf = (): void => set({ deafened: !current.get()?.deafened });

export async function show(kind: "camera" | "screen"): Promise<void> {
  const now = current.get();
  if (!now) return;
  const before = picture;
  if (now.video === kind) {
    picture = null;
  } else {
    try {
      picture = await (kind === "camera" ? openCamera() : openScreen());
    } catch (error) {
      // Who closes the browser's own choice has changed their mind.
      if (kind === "camera" || (error as Error).name !== "NotAllowedError") say("voice.noCamera");
      return;
    }
  }
  before?.stop();
  const track = picture;
  if (track) track.onended = () => void (picture === track && show(kind));
  peer?.setVideo(track);
  set({ video: track ? kind : null, own: track ? new MediaStream([track]) : null });
}

/** Another microphone, or another way to treat it. */
export async function changeMicrophone(): Promise<void> {
  const next = await openMicrophone();
  if (!current.get()) return next?.stop();
  if (!next) return say("voice.noMicrophone");
  microphone?.stop();
  microphone = next;
  peer?.setAudio(next);
  set({ silent: false });
}

export function changeSpeaker(): void {
  void (speaker as Sinkable | null)?.setSinkId?.(choice().speaker ?? "").catch(() => undefined);
}
