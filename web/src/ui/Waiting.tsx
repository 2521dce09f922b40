// Says that a page is loading: once, however many of its parts are, and only where it takes a while.
import { useEffect, useState } from "react";
import { waiting } from "../lib/calm";
import { useWords } from "../lib/i18n";
import { useStore } from "../lib/store";

const patience = 700;

/** For what stands in a place until its content comes. */
export function useWaiting(): void {
  useEffect(() => {
    waiting.set((count) => count + 1);
    return () => waiting.set((count) => count - 1);
  }, []);
}

/** The one place of the app that tells it to screen readers. */
export function Waiting() {
  const t = useWords();
  const isWaiting = useStore(waiting, (count) => count > 0);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isWaiting) return setLong(false);
    const timer = setTimeout(() => setLong(true), patience);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return <p className="hidden" role="status">{isLong && t("common.loading")}</p>;
}
