// A part of the address that somebody types.
import { useEffect, useRef, useState } from "react";
import { place, usePlace, useQueryState } from "./router";

/**
 * A filter that is typed: taken once its writer pauses, or goes on to something else on the same page.
 * The address may change it, too; what it was given itself is no such change.
 */
export function useTyped(name: string): [string, (text: string) => void] {
  const [query, setQuery] = useQueryState();
  const { path } = usePlace();
  const value = query[name] ?? "";
  const [text, setText] = useState(value);
  const taken = useRef(value);
  const take = useRef<() => void>(() => undefined);
  take.current = () => {
    if (text.trim() === taken.current || place.get().path !== path) return;
    taken.current = text.trim();
    setQuery({ [name]: taken.current || null });
  };
  useEffect(() => {
    const timer = setTimeout(() => take.current(), 220);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => () => take.current(), []);
  useEffect(() => {
    if (value === taken.current) return;
    taken.current = value;
    setText(value);
  }, [value]);
  return [text, setText];
}
