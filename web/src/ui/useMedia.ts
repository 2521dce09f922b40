import { useEffect, useState } from "react";

/** Whether a media query holds: for what is another control on another width, not only another look. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setHolds(list.matches);
    onChange();
    list.addEventListener("change", onChange);
    return () => list.removeEventListener("change", onChange);
  }, [query]);
  return holds;
}

export const useNarrow = (): boolean => useMedia("(max-width: 720px)");
export const useWide = (): boolean => useMedia("(min-width: 1180px)");
