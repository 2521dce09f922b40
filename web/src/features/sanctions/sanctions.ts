// Sanctions: mine, and those of others as the team sees them.
import { get, type Page, post } from "../../lib/api";
import { gateway, whenMissed } from "../../lib/live";
import { invalidate, useQuery, watchQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";
import { type Card, learnCards } from "../presence/cards";

export const kinds = ["warn", "mute", "kick", "ban"] as const;
export type Kind = (typeof kinds)[number];

export interface Appeal {
  id: string;
  state: "open" | "accepted" | "rejected";
  text: string | null;
  answer: string | null;
  caseId: string | null;
  createdAt: string | null;
}

export interface Sanction {
  id: string;
  kind: Kind;
  reason: string;
  evidence: string[];
  issuedAt: string | null;
  expiresAt: string | null;
  endedAt: string | null;
  endReason: string | null;
  source: string;
  active: boolean;
  acknowledgedAt: string | null;
  version: number;
  /** Of my own: until when I may appeal. */
  appealUntil: string | null;
  appeal: Appeal | null;
  /** Of my own: the reported message that led to it. */
  content: string | null;
  /** For the team: the person, the issuer, and texts that only the team reads. */
  user: Card | null;
  by: Card | null;
  note: string | null;
  endNote: string | null;
}

export const readPerson = (value: unknown): Card | null => (value ? learnCards([value])[0] ?? null : null);

export const asKind = (value: unknown): Kind => kinds.find((kind) => kind === value) ?? "warn";

export function readAppeal(value: unknown): Appeal | null {
  if (!value) return null;
  const raw = asRaw(value);
  const state = asText(raw["state"]);
  return {
    id: asText(raw["id"]) ?? "",
    state: state === "accepted" || state === "rejected" ? state : "open",
    text: asText(raw["text"]),
    answer: asText(raw["answer"]),
    caseId: asText(raw["case_id"]),
    createdAt: asText(raw["created_at"]),
  };
}

export function readSanction(value: unknown): Sanction {
  const raw: Raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    kind: asKind(raw["kind"]),
    reason: asText(raw["reason"]) ?? "",
    evidence: asList(raw["evidence"]).flatMap((link) => asText(link) ?? []),
    issuedAt: asText(raw["issued_at"]),
    expiresAt: asText(raw["expires_at"]),
    endedAt: asText(raw["ended_at"]),
    endReason: asText(raw["end_reason"]),
    source: asText(raw["source"]) ?? "person",
    active: raw["active"] === true,
    acknowledgedAt: asText(raw["acknowledged_at"]),
    version: asNumber(raw["version"]) ?? 0,
    appealUntil: asText(raw["appeal_until"]),
    appeal: readAppeal(raw["appeal"]),
    content: asText(raw["content"]),
    user: readPerson(raw["user"]),
    by: readPerson(raw["issued_by"]),
    note: asText(raw["note"]),
    endNote: asText(raw["end_note"]),
  };
}

const ownKey = "sanctions:own";

async function fetchOwn(): Promise<Sanction[]> {
  return (await get<Page<unknown>>("/users/me/sanctions", { limit: 100 })).items.map(readSanction);
}

/** My sanctions, the newest first. */
export const useOwnSanctions = () => useQuery<Sanction[]>(ownKey, fetchOwn, { fresh: 60_000 });

/** Follows my sanctions while I am signed in. */
export function followOwnSanctions(): () => void {
  const again = () => invalidate(ownKey);
  const leaves = [
    watchQuery(ownKey, fetchOwn, { fresh: 60_000 }),
    ...["sanction.created", "sanction.ended", "sanction.updated", "appeal.decided"].map((type) =>
      gateway.on(type, again)
    ),
    whenMissed(again),
  ];
  return () => leaves.forEach((leave) => leave());
}

/** Whether it is in force now; an expiry on screen needs no event. */
export const holds = (sanction: Sanction, now: number): boolean =>
  sanction.active && (sanction.expiresAt === null || Date.parse(sanction.expiresAt) > now);

export async function acknowledge(sanction: Sanction): Promise<void> {
  await post(`/sanctions/${sanction.id}/acknowledge`);
  invalidate(ownKey);
}

export async function appeal(sanction: Sanction, text: string, key: string): Promise<void> {
  await post(`/sanctions/${sanction.id}/appeal`, { text }, { key });
  invalidate(ownKey);
}
