import { useEffect, useState } from "react";
import { get, type Page } from "../../lib/api";
import { useLanguage } from "../../lib/i18n";
import { readTitle, type Title } from "./titles";

const most = 7;

/** The titles found for a typed text; the server tolerates typing errors. Empty below two characters. */
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
