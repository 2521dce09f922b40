// The figures of an open page: windows come from the gateway, and sums are requested again every few seconds.
import { useEffect, useRef, useState } from "react";
import { get } from "../../lib/api";
import { gateway } from "../../lib/live";
import { asProblem, type Problem } from "../../lib/problem";
import { type Comparison, type Interval, type Live, merge, readLive, readWindow, spans, type Window } from "./measures";

/** Milliseconds between two requests for the sums. */
const beat = 5_000;

interface State {
  data: Live | null;
  problem: Problem | null;
  reload: () => void;
}

/** The figures to show. While paused they stay, and new ones are kept for later. */
export function useLive(interval: Interval, comparison: Comparison, paused: boolean): State {
  const [data, setData] = useState<Live | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const current = useRef<Live | null>(null);
  const isPaused = useRef(paused);
  const read = useRef<() => void>(() => undefined);
  useEffect(() => {
    isPaused.current = paused;
    if (!paused && current.current) setData(current.current);
  }, [paused]);
  useEffect(() => {
    const stop = new AbortController();
    let busy = false;
    current.current = null;
    setData(null);
    const show = (next: Live) => {
      current.current = next;
      if (!isPaused.current) setData(next);
    };
    const load = async () => {
      if (busy) return;
      busy = true;
      try {
        const query = { interval, last: spans[interval], compare: comparison === "none" ? null : comparison };
        const found = readLive(await get("/analytics/live", query, stop.signal));
        // Windows that came from the gateway meanwhile are newer.
        const newer = current.current?.windows.filter((window) => isNewer(window, found.windows)) ?? [];
        const windows = newer.reduce((all, window) => merge(all, window, spans[interval]), found.windows);
        setProblem(null);
        show({ ...found, windows });
      } catch (error) {
        if (!stop.signal.aborted) setProblem(asProblem(error));
      } finally {
        busy = false;
      }
    };
    read.current = () => void load();
    const leave = gateway.subscribe("analytics", () => void load());
    const unlisten = gateway.on("analytics.window", (event) => {
      if (event["interval"] !== interval || !current.current) return;
      const windows = merge(current.current.windows, readWindow(event["window"]), spans[interval]);
      show({ ...current.current, windows });
    }, "analytics");
    void load();
    const timer = setInterval(() => document.hidden || void load(), beat);
    return () => {
      stop.abort();
      leave();
      unlisten();
      clearInterval(timer);
    };
  }, [interval, comparison]);
  return { data, problem, reload: () => read.current() };
}

const isNewer = (window: Window, found: readonly Window[]): boolean => {
  const last = found[found.length - 1];
  return !last || window.start > last.start;
};
