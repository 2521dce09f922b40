// Drafts by conversation: stored on this device at once, on the server after a pause.
import { get, put } from "../../lib/api";
import type { GatewayEvent } from "../../lib/gateway";
import { recall, remember } from "../../lib/memory";
import { asNumber, asRaw, asText } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { mine } from "./store";

export interface Draft {
  content: string;
  reply_to: string | null;
}

const none: Draft = { content: "", reply_to: null };
const place = (conversation: string): string => `draft.${mine.id}.${conversation}`;

/** Conversations with a draft, which lists show. */
export const drafted = createStore<Readonly<Record<string, boolean>>>({});

const versions = new Map<string, number>();
const timers = new Map<string, number>();
const later = 900;

/** Drafts that came from another device, for the composer that is open. */
export const fromElsewhere = createStore<{ conversation: string; content: string } | null>(null);

export function draftOf(conversation: string): Draft {
  try {
    const raw = asRaw(JSON.parse(recall(place(conversation)) ?? "{}"));
    return { content: asText(raw["content"]) ?? "", reply_to: asText(raw["reply_to"]) };
  } catch {
    return none;
  }
}

function keep(conversation: string, draft: Draft): void {
  const isEmpty = draft.content.trim() === "" && draft.reply_to === null;
  remember(place(conversation), isEmpty ? null : JSON.stringify(draft));
  if (Boolean(drafted.get()[conversation]) === isEmpty) drafted.set((all) => ({ ...all, [conversation]: !isEmpty }));
}

export function saveDraft(conversation: string, draft: Draft): void {
  keep(conversation, draft);
  clearTimeout(timers.get(conversation));
  timers.set(conversation, window.setTimeout(() => void tell(conversation), later));
}

/** After sending: the server has cleared its draft, and refuses a late save. */
export function dropDraft(conversation: string): void {
  keep(conversation, none);
  clearTimeout(timers.get(conversation));
}

async function tell(conversation: string): Promise<void> {
  const { content } = draftOf(conversation);
  // Without a version the server's draft is not read yet, and must not be overwritten.
  const version = versions.get(conversation);
  if (version === undefined) return;
  try {
    const answer = asRaw(await put<unknown>(`/conversations/${conversation}/draft`, { content, version }));
    versions.set(conversation, asNumber(answer["version"]) ?? version);
  } catch {
    // The draft stays on this device; an event brings the one of another device.
  }
}

/** Takes the draft of another device if there is none here. */
export async function fetchDraft(conversation: string): Promise<void> {
  try {
    const answer = asRaw(await get<unknown>(`/conversations/${conversation}/draft`));
    take(conversation, asText(answer["content"]) ?? "", asNumber(answer["version"]) ?? 0);
  } catch {
    // The draft of this device wins.
  }
}

function take(conversation: string, content: string, version: number): void {
  const known = versions.get(conversation);
  if (known !== undefined && version <= known) return;
  versions.set(conversation, version);
  const here = draftOf(conversation);
  // Text typed before the server's draft arrived stays.
  if (here.content !== "" && known === undefined) return;
  if (here.content === content) return;
  keep(conversation, { ...here, content });
  fromElsewhere.set({ conversation, content });
}

export function hearDraft(event: GatewayEvent): void {
  const raw = { ...event, ...asRaw(event["draft"]) };
  const id = asText(raw["conversation_id"]);
  if (id) take(id, asText(raw["content"]) ?? "", asNumber(raw["version"]) ?? 0);
}
