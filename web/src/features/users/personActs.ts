// What the palette does to somebody: "ban adam", "roles zoé". The verb comes first, in either language.
import { fold } from "../../lib/fold";

export const personActs = ["ban", "roles", "moderation", "audit"] as const;
export type PersonAct = (typeof personActs)[number];

const verbs: Record<PersonAct, readonly string[]> = {
  ban: ["ban", "bannir"],
  roles: ["role", "roles", "assign", "attribuer"],
  moderation: ["unban", "debannir", "disable", "desactiver", "kick", "expulser", "moderation"],
  audit: ["audit", "journal", "log"],
};

/** What is needed to do it; the server decides again. */
export const neededFor: Record<PersonAct, string> = {
  ban: "moderation.ban",
  roles: "roles.assign",
  moderation: "moderation.ban",
  audit: "audit.read",
};

/** The verb and the person that are meant; null when the text begins with no verb, or names nobody after it. */
export function parseAct(text: string): { act: PersonAct; rest: string } | null {
  const [, first = "", rest = ""] = /^\s*(\S+)\s+(.*\S)\s*$/u.exec(text) ?? [];
  const act = personActs.find((each) => verbs[each].includes(fold(first)));
  return act && rest.length > 1 ? { act, rest } : null;
}

/** Where it is done. */
export const placeOfAct = (act: PersonAct, id: string): string =>
  act === "ban" ? `/panel/members/${id}/moderation?act=ban` : `/panel/members/${id}/${act}`;
