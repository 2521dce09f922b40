import { useEffect, useRef } from "react";
import { useWords } from "../lib/i18n";
import type { Growing } from "../lib/query";
import { Button } from "./Button";
import { problemText } from "./States";

/** The end of a list that goes on: it grows by itself when it comes near, and by a button for those who prefer. */
export function More({ list }: { list: Growing<unknown> }) {
  const t = useWords();
  const mark = useRef<HTMLDivElement>(null);
  const { pages, more, growing, moreProblem } = list;
  const next = pages?.next ?? null;
  useEffect(() => {
    const node = mark.current;
    if (!node || next === null || moreProblem) return;
    const watcher = new IntersectionObserver(([seen]) => seen?.isIntersecting && more(), { rootMargin: "400px" });
    watcher.observe(node);
    return () => watcher.disconnect();
  }, [next, more, moreProblem]);
  if (next === null) return null;
  return (
    <div ref={mark} className="more-row">
      {moreProblem && <span className="muted">{problemText(moreProblem, t)}</span>}
      <Button onClick={more} busy={growing}>{moreProblem ? t("common.retry") : t("common.more")}</Button>
    </div>
  );
}
