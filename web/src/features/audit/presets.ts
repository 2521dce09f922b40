// Views of the log: what one usually looks for, by the actions that it is made of.

export const presets = ["main", "security", "roles", "signIns", "all"] as const;
export type Preset = (typeof presets)[number];

const actionsOf: Record<"security" | "roles" | "signIns", readonly string[]> = {
  security: [
    "user.ban",
    "user.unban",
    "user.disable",
    "user.enable",
    "user.delete",
    "user.restore",
    "user.password",
    "auth.password_reset",
    "session.revoke",
    "totp.begin",
    "totp.confirm",
    "totp.remove",
    "totp.reset",
    "api_key.create",
    "api_key.update",
    "api_key.rotate",
    "api_key.revoke",
    "settings.update",
  ],
  roles: [
    "role.assign",
    "role.revoke",
    "role.create",
    "role.update",
    "role.delete",
    "role.restore",
    "role.rollback",
    "role.reorder",
    "override.set",
    "override.clear",
  ],
  signIns: ["auth.login", "auth.logout", "auth.register", "auth.setup", "session.revoke"],
};

/** What the server is asked for a view; an action that is chosen by itself needs none. */
export function presetFilters(preset: Preset): Record<string, string> {
  if (preset === "all") return {};
  // Statuses are most of the log, and seldom what somebody looks for.
  if (preset === "main") return { exclude: "status.update" };
  return { action: actionsOf[preset].join() };
}

export const asPreset = (value: string | undefined): Preset => presets.find((each) => each === value) ?? "main";
