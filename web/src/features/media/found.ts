import { useEffect, useState } from "react";
import { get, type Page } from "../../lib/api";
import { useLanguage } from "../../lib/i18n";
import { readTitle, type Title } from "./titles";

const most = 7;

/** What is found while one types; the server forgives a wrong letter. Nothing until there is something to look for. */
export function useFoundTitles(text: string, limit = most): Title[] {
  const of = useLanguage();
  const [found, setFound] = useState<Title[]>([]);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < 2) return setFound([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      get<Page<unknown>>("/media", { search: wanted, limit }, stop.signal).then(
        ({ items }) => setFound(items.map(readTitle)),
        () => stop.signal.aborted || setFound([]),
      );
    }, 140);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, limit, of]);
  return found;
}
