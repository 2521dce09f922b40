// What a feature gives to the app: the twin of the server's contract. `app/` lists the features and knows nothing else of them.
import type { ComponentType } from "react";
import type { GatewayEvent } from "../lib/gateway";
import type { Entry, Key, Language } from "../lib/i18n";
import type { IconName } from "../ui/Icon";
import type { Lazy, Page } from "./page";

/** A part of the app with a place of its own in the rail. It shows as soon as one of its places does. */
export interface Space {
  id: string;
  label: Key;
  icon: IconName;
  /** The lowest first. */
  order: number;
}

/** Somewhere one can go: an entry of the sidebar, of the palette and of the shortcuts. */
export interface Place {
  id: string;
  space: string;
  path: string;
  label: Key;
  icon: IconName;
  section?: Key;
  /** Any of these keys opens it; none asked, everybody. */
  needs?: readonly string[];
  order: number;
  /** Pressed after `g`. */
  letter?: string;
  /** How many wait there; a hook. */
  useCount?: () => number | null;
}

/** An address and the page that it shows. */
export interface Route {
  /** `/panel/members/:id?/:tab?`; a part that is written out goes before one that is not. */
  path: string;
  /** The space that lights up; null for pages without the frame, as signing in. */
  space: string | null;
  page: Page;
  /** The first that may be missing: any of these keys opens it. */
  needs?: readonly string[];
  /** For pages without the frame: shown to those who are signed out, until they are in, or always. */
  when?: "out" | "notIn" | "always";
}

/** Something that the palette does. */
export interface Command {
  id: string;
  label: string;
  hint?: string;
  /** Other words by which it is found. */
  also?: string;
  mark: JSX.Element;
  run: () => void;
}

/** Who is signed in. */
export interface Who {
  id: string;
  permissions: readonly string[];
}

export interface PaletteSource {
  /** What can always be done; a hook. */
  useCommands?: (who: Who) => readonly Command[];
  /** What is found by what is typed; a hook. */
  useFound?: (text: string) => readonly Command[];
}

/** Props of the parts that one feature shows inside another's page; a feature that has a slot declares it here by merging. */
// deno-lint-ignore no-empty-interface
export interface Slots {}

export interface Feature {
  name: string;
  spaces?: readonly Space[];
  places?: readonly Place[];
  routes?: readonly Route[];
  /** Fetched when the palette opens first. */
  palette?: () => Promise<PaletteSource>;
  /** Words of its own, fetched with the language. */
  words?: Record<Language, () => Promise<Readonly<Record<string, Entry>>>>;
  /** The sentence of each action of the audit log that it records. */
  audit?: Readonly<Record<string, Key>>;
  /** What it does when an event comes, by type, for as long as the app runs. */
  events?: Readonly<Record<string, (event: GatewayEvent) => void>>;
  /** What it follows while somebody is signed in. */
  whileSignedIn?: (who: Who) => () => void;
  slots?: { readonly [Name in keyof Slots]?: Lazy<Slots[Name]> };
  /** Stands at the foot of the sidebar whatever page is open, as a call that goes on. */
  dock?: ComponentType;
}

let listed: readonly Feature[] = [];

/** Called once, before anything is shown. */
export function registerFeatures(features: readonly Feature[]): void {
  listed = features;
}

export const registered = (): readonly Feature[] => listed;

/** What the features give of one kind, in their order. */
export function all<K extends "spaces" | "places" | "routes">(kind: K): NonNullable<Feature[K]>[number][] {
  return listed.flatMap((feature) => (feature[kind] ?? []) as NonNullable<Feature[K]>[number][]);
}

/** The sentence for an action of the audit log; undefined for one that no feature knows. */
export const auditSentence = (action: string): Key | undefined =>
  listed.find((feature) => feature.audit?.[action])?.audit?.[action];
