// The places of the app and who may see them: one table for the sidebar, the bottom bar, the palette and the shortcuts.
import type { Key } from "../lib/i18n";
import type { IconName } from "../ui/Icon";

export interface PlaceOf {
  id: string;
  path: string;
  label: Key;
  /** Under an icon, on a phone. */
  short: Key;
  icon: IconName;
  section: Key;
  /** Any of these keys opens it; none asked, everybody. */
  needs: readonly string[];
  /** Pressed after `g`. */
  letter: string;
}

export const places: readonly PlaceOf[] = [
  {
    id: "dashboard",
    path: "/",
    label: "nav.dashboard",
    short: "nav.short.dashboard",
    icon: "dashboard",
    section: "nav.section.steer",
    needs: ["presence.read", "audit.read"],
    letter: "d",
  },
  {
    id: "home",
    path: "/home",
    label: "nav.home",
    short: "nav.short.home",
    icon: "home",
    section: "nav.section.community",
    needs: [],
    letter: "h",
  },
  {
    id: "members",
    path: "/members",
    label: "nav.members",
    short: "nav.short.members",
    icon: "members",
    section: "nav.section.community",
    needs: ["users.read"],
    letter: "m",
  },
  {
    id: "roles",
    path: "/roles",
    label: "nav.roles",
    short: "nav.short.roles",
    icon: "roles",
    section: "nav.section.community",
    needs: ["roles.read", "roles.manage"],
    letter: "r",
  },
  {
    id: "audit",
    path: "/audit",
    label: "nav.audit",
    short: "nav.short.audit",
    icon: "audit",
    section: "nav.section.system",
    needs: ["audit.read"],
    letter: "a",
  },
  {
    id: "board",
    path: "/board",
    label: "nav.board",
    short: "nav.short.board",
    icon: "pulse",
    section: "nav.section.steer",
    needs: ["presence.read"],
    letter: "b",
  },
  {
    id: "joining",
    path: "/joining",
    label: "nav.joining",
    short: "nav.short.joining",
    icon: "plus",
    section: "nav.section.community",
    needs: ["registrations.review", "invitations.manage", "settings.read"],
    letter: "j",
  },
  {
    id: "settings",
    path: "/settings",
    label: "nav.settings",
    short: "nav.short.settings",
    icon: "settings",
    section: "nav.section.system",
    needs: [],
    letter: "s",
  },
];

export const isAt = (path: string, here: string): boolean =>
  path === "/" ? here === "/" : here === path || here.startsWith(`${path}/`);
