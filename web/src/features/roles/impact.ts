// What saving would do, as the server works it out: to everybody who holds the role, or to one person.
import { useEffect, useState } from "react";
import { post } from "../../lib/api";
import type { Words } from "../../lib/i18n";
import { type Loaded, useQuery } from "../../lib/query";
import { asKeys, asList, asNumber, asRaw, asText } from "../../lib/resources";

export interface Change {
  id: string;
  name: string;
  gains: string[];
  loses: string[];
}

export interface Impact {
  changes: Change[];
  members: number;
  affected: number;
  gains: string[];
  loses: string[];
  /** Of one person: all that they could do then. */
  result: string[] | null;
  refusal: { code: string; detail: string } | null;
}

function readChange(value: unknown): Change {
  const raw = asRaw(value);
  const id = asText(raw["user_id"]) ?? "";
  return {
    id,
    name: asText(raw["display_name"]) ?? asText(raw["username"]) ?? id,
    gains: asKeys(raw["gains"]),
    loses: asKeys(raw["loses"]),
  };
}

export function readImpact(value: unknown): Impact {
  const raw = asRaw(value);
  const refusal = asRaw(raw["refusal"]);
  const code = asText(refusal["code"]);
  return {
    changes: asList(raw["users"]).map(readChange),
    members: asNumber(raw["member_count"]) ?? 0,
    affected: asNumber(raw["affected_count"]) ?? 0,
    gains: asKeys(raw["gains"]),
    loses: asKeys(raw["loses"]),
    result: Array.isArray(raw["permissions"]) ? asKeys(raw["permissions"]) : null,
    refusal: code === null ? null : { code, detail: asText(refusal["detail"]) ?? code },
  };
}

/** What stands against it, for a person: the server's words on a lock-out tell programs how to go on. */
export const refusalText = (refusal: { code: string; detail: string }, t: Words): string =>
  refusal.code === "would_lock_out" ? t("role.lockOut.text") : refusal.detail;

/** The same once it has stood still for a while: so that typing does not ask at every letter. */
export function useSettled<T>(value: T, milliseconds = 350): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** `body` is what a save would send, with `role_id` and perhaps `user_id`; null asks nothing. */
export const useImpact = (body: string | null): Loaded<Impact> & { reload: () => void } =>
  useQuery<Impact>(
    body === null ? null : `preview:${body}`,
    async () => readImpact(await post<unknown>("/roles/preview", JSON.parse(body ?? "{}"))),
    { fresh: 0 },
  );
