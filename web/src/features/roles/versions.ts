// The versions of a role: who made each, when, and the role as it was then.
import { get, type Page } from "../../lib/api";
import { useQuery } from "../../lib/query";
import { asNumber, asRaw, asText, type Raw, readRole, type Role } from "../../lib/resources";

export interface Version {
  version: number;
  actor: string | null;
  at: string | null;
  snapshot: Role;
  /** Whether it deleted the role or brought it back; null for an edit. */
  deletion: boolean | null;
}

function readVersion(value: unknown): Version {
  const raw: Raw = asRaw(value);
  const deleted = asRaw(asRaw(raw["diff"])["deleted"])["to"];
  return {
    version: asNumber(raw["version"]) ?? 0,
    actor: asText(raw["actor_user_id"]),
    at: asText(raw["at"]),
    snapshot: readRole(raw["snapshot"]),
    deletion: typeof deleted === "boolean" ? deleted : null,
  };
}

/** Newest first; asked again when the role has a new version. */
export const useVersions = (role: Role) =>
  useQuery(
    `role:${role.id}:history:${role.version ?? 0}`,
    async () => {
      const page = await get<Page<unknown>>(`/roles/${role.id}/history`, { limit: 100 });
      return page.items.map(readVersion).sort((a, b) => b.version - a.version);
    },
    { about: [`role:${role.id}`] },
  );
