// How somebody holds their roles: why, and until when.
import { get } from "../../lib/api";
import { useQuery } from "../../lib/query";
import { asList, asRaw, asText, type User } from "../../lib/resources";

export interface Assignment {
  reason: string | null;
  expiresAt: string | null;
}

const none: Readonly<Record<string, Assignment>> = {};

/** By role id; empty until it is known, and for those who may not read it. */
export function useAssignments(user: User, allowed: boolean): Readonly<Record<string, Assignment>> {
  const { data } = useQuery(allowed ? `user:${user.id}:assignments:${user.roles.join()}` : null, async () => {
    const rows = asList(asRaw(await get<unknown>(`/users/${user.id}/roles`))["roles"]).map(asRaw);
    return Object.fromEntries(rows.map((raw): [string, Assignment] => [
      asText(raw["id"]) ?? "",
      { reason: asText(raw["reason"]), expiresAt: asText(raw["expires_at"]) },
    ]));
  }, { about: [`user:${user.id}`] });
  return data ?? none;
}
