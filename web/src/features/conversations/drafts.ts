// What is written and not sent, by conversation: kept on this device at once, on the server soon.
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

/** Which conversations have a draft: shown beside their names. */
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

/** It was sent: the server forgets its draft with that, and a save under way does not bring it back. */
export function dropDraft(conversation: string): void {
  keep(conversation, none);
  clearTimeout(timers.get(conversation));
}

async function tell(conversation: string): Promise<void> {
  const { content } = draftOf(conversation);
  // Without a version nothing was read yet, and nothing of another device may be written over.
  const version = versions.get(conversation);
  if (version === undefined) return;
  try {
    const answer = asRaw(await put<unknown>(`/conversations/${conversation}/draft`, { content, version }));
    versions.set(conversation, asNumber(answer["version"]) ?? version);
  } catch {
    // It is kept here; what another device wrote meanwhile is told by an event.
  }
}

/** What another device has written, where nothing is written here. */
export async function fetchDraft(conversation: string): Promise<void> {
  try {
    const answer = asRaw(await get<unknown>(`/conversations/${conversation}/draft`));
    take(conversation, asText(answer["content"]) ?? "", asNumber(answer["version"]) ?? 0);
  } catch {
    // What is kept here stands.
  }
}

function take(conversation: string, content: string, version: number): void {
  const known = versions.get(conversation);
  if (known !== undefined && version <= known) return;
  versions.set(conversation, version);
  const here = draftOf(conversation);
  // What was written here before anything was read stays.
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
