import type { Key, Words } from "./i18n";

const titles: Record<string, Key> = {
  owner: "role.title.owner",
  admin: "role.title.admin",
  mod: "role.title.mod",
  staff: "role.title.staff",
  member: "role.title.member",
  guest: "role.title.guest",
};

/** A role's name as it is shown: the system roles are named in the person's language. No other role can take their names. */
export function roleTitle(name: string, t: Words): string {
  const key = titles[name];
  return key ? t(key) : name;
}
