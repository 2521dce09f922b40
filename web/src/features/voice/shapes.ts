// A call as the server tells of it.
import { asList, asRaw, asText } from "../../lib/resources";
import { type Card, learnCards } from "../presence/cards";

export type CallState = "ringing" | "active" | "declined" | "missed" | "cancelled" | "busy" | "ended";

/** A device in a call, and what its person may do there. */
export interface Participant {
  id: string;
  user_id: string;
  may_speak: boolean;
  may_video: boolean;
}

/** This device in a call. */
export interface OwnDevice {
  id: string;
  /** Where its signals come. */
  topic: string;
}

export interface Call {
  id: string;
  conversation_id: string;
  state: CallState;
  caller: Card | null;
  callee: Card | null;
  rings_until: number;
  answered_at: number | null;
  ended_by: string | null;
  devices: readonly Participant[];
  /** Only in answers, never in events. */
  device: OwnDevice | null;
}

const states: readonly CallState[] = ["ringing", "active", "declined", "missed", "cancelled", "busy", "ended"];

const time = (value: unknown): number | null => {
  const text = asText(value);
  return text === null ? null : Date.parse(text);
};

export function readCall(value: unknown): Call {
  const raw = asRaw(value);
  const state = asText(raw["state"]);
  const device = asRaw(raw["device"]);
  const [id, topic] = [asText(device["id"]), asText(device["topic"])];
  return {
    id: asText(raw["id"]) ?? "",
    conversation_id: asText(raw["conversation_id"]) ?? "",
    state: states.find((each) => each === state) ?? "ended",
    caller: raw["caller"] ? learnCards([raw["caller"]])[0] ?? null : null,
    callee: raw["callee"] ? learnCards([raw["callee"]])[0] ?? null : null,
    rings_until: time(raw["rings_until"]) ?? 0,
    answered_at: time(raw["answered_at"]),
    ended_by: asText(raw["ended_by"]),
    devices: asList(raw["devices"]).map(asRaw).map((each) => ({
      id: asText(each["id"]) ?? "",
      user_id: asText(each["user_id"]) ?? "",
      may_speak: each["may_speak"] === true,
      may_video: each["may_video"] === true,
    })),
    device: id !== null && topic !== null ? { id, topic } : null,
  };
}
