// The permission registry, as the server publishes it: keys with a description in both languages.
import { get } from "../../lib/api";
import type { Language } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asList, asRaw, asText } from "../../lib/resources";

export interface Permission {
  key: string;
  module: string;
  description: Record<Language, string>;
}

function readPermission(value: unknown): Permission {
  const raw = asRaw(value);
  const key = asText(raw["key"]) ?? "";
  const words = asRaw(raw["descriptions"] ?? raw["description"]);
  const plain = asText(raw["description"]) ?? key;
  return {
    key,
    module: asText(raw["module"]) ?? key.split(".")[0] ?? "",
    description: { fr: asText(words["fr"]) ?? plain, en: asText(words["en"]) ?? plain },
  };
}

const none: readonly Permission[] = [];

export function useRegistry() {
  return useQuery<readonly Permission[]>("permissions", async () => {
    const answer = await get<unknown>("/permissions");
    return (Array.isArray(answer) ? answer : asList(asRaw(answer)["items"])).map(readPermission);
    // They change with the server's version alone.
  }, { fresh: 3_600_000 });
}

export function usePermissions(): readonly Permission[] {
  const { data } = useRegistry();
  return data ?? none;
}

export const describe = (registry: readonly Permission[], key: string, of: Language): string =>
  registry.find((each) => each.key === key)?.description[of] ?? key;

const modules = {
  users: "module.users",
  roles: "module.roles",
  moderation: "module.moderation",
  presence: "module.presence",
  chat: "module.chat",
  channels: "module.channels",
  voice: "module.voice",
  media: "module.media",
  friends: "module.friends",
  files: "module.files",
  analytics: "module.analytics",
  alerts: "module.alerts",
  webhooks: "module.webhooks",
  identity: "module.identity",
  api_keys: "module.api_keys",
  invitations: "module.invitations",
  registrations: "module.registrations",
  conversations: "module.conversations",
  settings: "module.settings",
  audit: "module.audit",
  metrics: "module.metrics",
} as const;

/** Modules whose permissions are registered before their features are built. */
const unavailable: readonly string[] = ["voice"];

export const isAvailable = (module: string): boolean => !unavailable.includes(module);

/** The words for a feature of the registry. */
export const moduleName = (module: string) => modules[module as keyof typeof modules] ?? "module.other";
