// What a feature gives to the app: the twin of the server's contract. `app/` lists the features and knows nothing else of them.
import type { ComponentType } from "react";
import type { GatewayEvent } from "../lib/gateway";
import type { Entry, Key, Language } from "../lib/i18n";
import type { Store } from "../lib/store";
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
  /** What is below its address is another place's. */
  exact?: boolean;
  /** Its space's lists lead there already. */
  unlisted?: boolean;
  /** On a phone it has a tab of its own in the bar, beside its space. */
  tab?: { label: Key; icon: IconName };
}

/** How a page stands on a phone: with the places of its space in its stead, without them, or without the bar as well. */
export type Narrow = "places" | "page" | "alone";

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
  narrow?: Narrow | ((query: URLSearchParams) => Narrow);
}

/** What waits in a space: a number, of mentions where that is what they are. */
export interface Badge {
  count: number;
  mentions: boolean;
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
  /** The module of the server that it shows; where that is off, or not there, none of its places and pages are. */
  module?: string;
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
  /** Below the places of a space in the sidebar. */
  lists?: Readonly<Record<string, Lazy<{ path: string }>>>;
  /** What waits in a space, or at a place's tab. */
  badges?: Readonly<Record<string, Store<Badge>>>;
  /** At the foot of the rail. */
  rail?: Lazy<object>;
  /** Above every page while there is something to say. */
  notice?: Lazy<object>;
  /** Stands at the foot of the sidebar whatever page is open, as a call that goes on. */
  dock?: ComponentType;
}

let listed: readonly Feature[] = [];

/** Called once, before anything is shown. */
export function registerFeatures(features: readonly Feature[]): void {
  listed = features;
}

export const registered = (): readonly Feature[] => listed;

/** Those whose module is on. */
export const present = (modules: readonly string[]): readonly Feature[] =>
  listed.filter(({ module }) => module === undefined || modules.includes(module));

/** What the features give of one kind, in their order. */
export function all<K extends "spaces" | "places" | "routes">(
  kind: K,
  features: readonly Feature[] = listed,
): NonNullable<Feature[K]>[number][] {
  return features.flatMap((feature) => (feature[kind] ?? []) as NonNullable<Feature[K]>[number][]);
}

/** The sentence for an action of the audit log; undefined for one that no feature knows. */
export const auditSentence = (action: string): Key | undefined =>
  listed.find((feature) => feature.audit?.[action])?.audit?.[action];
