// A part of the app in a bundle of its own: fetched when it is wanted, with its styles.
import type { ComponentType } from "react";
import { calm } from "../lib/calm";
import { offlineProblem, type Problem } from "../lib/problem";
import { createStore, type Store } from "../lib/store";

export interface Params {
  [name: string]: string | undefined;
}

export interface PageProps {
  params: Params;
}

interface Fetched<P> {
  Component: ComponentType<P> | null;
  problem: Problem | null;
}

export interface Lazy<P> {
  store: Store<Fetched<P>>;
  fetch: () => Promise<void>;
}

export type Page = Lazy<PageProps>;

/** The style sheets of the bundles, as the build wrote them into the page. */
function styleOf(bundle: string): string | undefined {
  if (typeof document === "undefined") return undefined;
  const listed = document.querySelector<HTMLMetaElement>("meta[name=styles]")?.content;
  return listed ? (JSON.parse(listed) as Record<string, string>)[bundle] : undefined;
}

const asked = new Map<string, Promise<void>>();

/** Resolves once the bundle's style sheet stands in the page, so that nothing is shown without it. */
function fetchStyle(bundle: string): Promise<void> {
  const href = styleOf(bundle);
  if (!href) return Promise.resolve();
  const known = asked.get(href);
  if (known) return known;
  const coming = new Promise<void>((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      asked.delete(href);
      reject(offlineProblem());
    };
    document.head.append(link);
  });
  asked.set(href, coming);
  return coming;
}

/**
 * @param bundle the name of the file under bundles/, by which the build lists its style sheet.
 * @param load a function that imports the bundle and gives the component
 */
export function lazily<P>(bundle: string, load: () => Promise<ComponentType<P>>): Lazy<P> {
  const store = createStore<Fetched<P>>({ Component: null, problem: null });
  let coming: Promise<void> | null = null;
  const fetch = () =>
    coming ??= Promise.all([load(), fetchStyle(bundle)]).then(
      ([Component]) => store.set({ Component, problem: null }),
      () => {
        coming = null;
        store.set({ Component: null, problem: offlineProblem() });
      },
    );
  return { store, fetch };
}

/** A part that comes with the frame. */
export const here = <P>(Component: ComponentType<P>): Lazy<P> => ({
  store: createStore<Fetched<P>>({ Component, problem: null }),
  fetch: () => Promise.resolve(),
});

/** A bundle that a feature needs for its pages, and for what it follows while somebody is signed in. */
export interface Bundle<B> {
  fetch: () => Promise<B>;
  /** Starts with the bundle: when a page has asked for it, else once the first page is whole. - Returns: how it ends. */
  follow: (start: (bundle: B) => () => void, end?: () => void) => () => void;
}

export function bundleOf<B>(load: () => Promise<B>): Bundle<B> {
  let isAsked: (bundle: B) => void = () => undefined;
  const asked = new Promise<B>((resolve) => isAsked = resolve);
  const fetch = () =>
    load().then((bundle) => {
      isAsked(bundle);
      return bundle;
    });
  const follow: Bundle<B>["follow"] = (start, end) => {
    let leave: (() => void) | null = null;
    let isOver = false;
    Promise.race([asked, calm().then(() => isOver ? asked : fetch())]).then((bundle) => {
      if (!isOver) leave = start(bundle);
    }, () => undefined);
    return () => {
      isOver = true;
      leave?.();
      end?.();
    };
  };
  return { fetch, follow };
}
