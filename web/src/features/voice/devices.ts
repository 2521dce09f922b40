// Microphones, loudspeakers and cameras, and the choice among them, kept on this device.
import { recall, remember } from "../../lib/memory";

export interface Choice {
  microphone: string | null;
  speaker: string | null;
  /** Noise suppression. */
  calms: boolean;
}

export function choice(): Choice {
  return {
    microphone: recall("call-microphone") || null,
    speaker: recall("call-speaker") || null,
    calms: recall("call-calms") !== "no",
  };
}

export function choose(changed: Partial<Choice>): void {
  const { microphone, speaker, calms } = { ...choice(), ...changed };
  remember("call-microphone", microphone ?? "");
  remember("call-speaker", speaker ?? "");
  remember("call-calms", calms ? "yes" : "no");
}

const media = (): MediaDevices | undefined => navigator.mediaDevices as MediaDevices | undefined;

/** Whether this browser can be in a call: a page without HTTPS has no microphone. */
export const canCall = (): boolean => typeof RTCPeerConnection !== "undefined" && media() !== undefined;

/** Null when there is no microphone, or it is not allowed. */
export async function openMicrophone(): Promise<MediaStreamTrack | null> {
  const { microphone, calms } = choice();
  const wanted = { echoCancellation: true, noiseSuppression: calms, autoGainControl: true };
  const open = async (deviceId: string | null) =>
    (await media()?.getUserMedia({ audio: deviceId ? { ...wanted, deviceId: { exact: deviceId } } : wanted }))
      ?.getAudioTracks()[0] ?? null;
  try {
    return await open(microphone);
  } catch {
    // The one that was chosen may be gone.
    return microphone === null ? null : await open(null).catch(() => null);
  }
}

export const openCamera = async (): Promise<MediaStreamTrack | null> =>
  (await media()?.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } } }))
    ?.getVideoTracks()[0] ?? null;

export const openScreen = async (): Promise<MediaStreamTrack | null> =>
  (await media()?.getDisplayMedia({ video: true }))?.getVideoTracks()[0] ?? null;

export const canShareScreen = (): boolean => typeof media()?.getDisplayMedia === "function";

export const listDevices = async (kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> =>
  ((await media()?.enumerateDevices().catch(() => [])) ?? []).filter((each) => each.kind === kind && each.deviceId);

let quiet: AudioContext | null = null;

/** What is sent without a microphone, so that a call can begin and one be chosen later. */
export function silentTrack(): MediaStreamTrack | null {
  quiet ??= new AudioContext();
  return quiet.createMediaStreamDestination().stream.getAudioTracks()[0] ?? null;
}
