// What an entry changed, in words: names of fields and values as people read them.
import { type Key, type Language, locale, type Words } from "../../lib/i18n";
import { asList, asRaw, asStatus, asText, type Raw, type Role } from "../../lib/resources";
import { roleTitle } from "../../lib/roleTitle";

const labels: Record<string, Key> = {
  name: "role.name",
  username: "user.username",
  display_name: "user.displayName",
  email: "user.email",
  bio: "user.bio",
  avatar_url: "field.picture",
  locale: "settings.language",
  tags: "user.tags",
  password: "signIn.password",
  status: "status.setStatus",
  status_message: "status.message",
  status_emoji: "status.emoji",
  status_expires_at: "status.clearAfter",
  activity: "status.setActivity",
  activity_name: "status.setActivity",
  description: "role.description",
  color: "role.color",
  icon: "field.icon",
  priority: "role.priority",
  permissions: "role.tab.permissions",
  denied: "field.denied",
  inherits: "role.inherits",
  role: "field.role",
  role_id: "field.role",
  roles: "nav.roles",
  expires_at: "field.expires",
  reason: "users.reason",
  permission: "users.filter.permission",
  effect: "field.effect",
  is_disabled: "moderation.disabled",
  banned_until: "user.banUntil",
  ban_reason: "user.banReason",
  registration_mode: "door.title",
  site_name: "site.name",
  rules: "join.rules",
  scopes: "role.tab.permissions",
  note: "invite.note",
  max_uses: "invite.most",
  session_id: "field.session",
  count: "field.count",
};

/** A field's name as the screens say it; of one that no screen has, its own with spaces. */
export function fieldLabel(name: string, t: Words): string {
  const key = labels[name];
  if (key) return t(key);
  const text = name.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Around {
  t: Words;
  of: Language;
  roles: Readonly<Record<string, Role>>;
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A value as people read it: dates, statuses and roles by their names, lists with commas, nothing as a dash. */
export function fieldValue(name: string, value: unknown, around: Around): string {
  const { t, of, roles } = around;
  if (value === null || value === undefined || value === "") return t("moderation.hidden");
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "number") return t("figure", { value });
  if (Array.isArray(value)) {
    return value.length === 0
      ? t("moderation.hidden")
      : asList(value).map((each) => fieldValue(name, each, around)).join(", ");
  }
  if (typeof value === "object") return describe(asRaw(value), around);
  const text = asText(value) ?? "";
  const role = roles[text];
  if (role) return roleTitle(role.name, t);
  if (name === "role" || name === "roles") return roleTitle(text, t);
  const status = name === "status" ? asStatus(text) : null;
  if (status) return t(`status.${status}`);
  if (name === "registration_mode" && text in modes) return t(modes[text] ?? "door.title");
  if (name === "effect") return t(text === "allow" ? "permissions.allow" : "permissions.deny");
  if (name === "locale") return text === "fr" ? "Français" : "English";
  if (moment.test(text)) {
    return new Intl.DateTimeFormat(locale(of), { dateStyle: "medium", timeStyle: "short" }).format(Date.parse(text));
  }
  return text;
}

const modes: Record<string, Key> = {
  open: "door.mode.open",
  invitation: "door.mode.invitation",
  approval: "door.mode.approval",
  closed: "door.mode.closed",
};

function describe(value: Raw, around: Around): string {
  const named = asText(value["name"]) ?? asText(value["display_name"]) ?? asText(value["username"]);
  if (named) return named;
  return Object.entries(value)
    .map(([name, each]) =>
      around.t("users.filter.said", { label: fieldLabel(name, around.t), value: fieldValue(name, each, around) })
    )
    .join(" · ");
}
