import "../styles/measured.css";
import {
  forwardRef,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { type Anchor, anchorsAt, Heights, placeOf } from "../lib/heights";
import { Button } from "./Button";

export interface MeasuredListProps<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  render: (item: T) => ReactNode;
  /** How high a row is likely to be. */
  guess?: number;
  /** Where one begins, and which end is followed while one stands at it. */
  anchor?: "top" | "bottom";
  /** Begins with this row in view instead. */
  around?: string | null;
  /** The first that was not read: a line stands above it. */
  unread?: { key: string; label: string } | null;
  /** There is more on that side; called when it comes near, until there is. */
  onBefore?: (() => void) | null;
  onAfter?: (() => void) | null;
  /** What is seen of it, whenever that is something else. */
  onView?: (view: ListView) => void;
  /** On the button that leads to the followed end, from further away. */
  endLabel?: string;
  role?: "list" | "log";
  className?: string;
}

export interface ListView {
  first: string | null;
  last: string | null;
  /** One stands at the followed end. */
  isAtEnd: boolean;
  /** One is more than a screen away from it. */
  isAway: boolean;
}

export interface MeasuredListHandle {
  reveal: (key: string) => void;
  toEnd: () => void;
}

/** Rows beyond the screen that are there already, in pixels. */
const overscan = 600;
/** Within this of the end one follows it. */
const nearEnd = 80;

/**
 * A list of rows of any height. What is near the screen is in the page; what comes above, or turns out higher than guessed, moves no row
 * that is seen. It may grow at both ends.
 */
function List<T>(props: MeasuredListProps<T>, handle: Ref<MeasuredListHandle>) {
  const { label, items, keyOf, render, guess = 56, anchor = "top", around = null, unread = null } = props;
  const { role = "list", className = "" } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const heights = useRef<Heights>();
  heights.current ??= new Heights(guess);
  const measured = heights.current;
  const keys = useMemo(() => items.map(keyOf), [items]);
  measured.setKeys(keys);
  const held = useRef<readonly Anchor[]>([]);
  const follows = useRef(anchor === "bottom" && around === null);
  const [view, setView] = useState({ top: 0, height: 800, isAway: false });
  const drawn = useRef(view);
  const [, draw] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const told = useRef("");
  const tell = () => {
    const node = scroller.current;
    if (!props.onView || !node) return;
    const anchors = held.current;
    const rest = measured.total - node.scrollTop - node.clientHeight;
    const seen: ListView = {
      first: anchors[0]?.key ?? null,
      last: anchors[anchors.length - 1]?.key ?? null,
      isAtEnd: rest <= nearEnd,
      isAway: rest > node.clientHeight,
    };
    const text = Object.values(seen).join();
    if (text === told.current) return;
    told.current = text;
    props.onView(seen);
  };
  useEffect(tell);

  const first = measured.at(Math.max(0, view.top - overscan));
  const last = measured.at(view.top + view.height + overscan);
  const shown: number[] = [];
  for (let at = first; at <= Math.min(last, items.length - 1); at++) shown.push(at);
  const pinned = focused === null ? undefined : measured.indexOf(focused);
  if (pinned !== undefined && (pinned < first || pinned > last)) shown.push(pinned);

  const look = () => {
    const node = scroller.current;
    if (!node) return;
    held.current = anchorsAt(measured, node.scrollTop, node.clientHeight);
    const rest = measured.total - node.scrollTop - node.clientHeight;
    follows.current = anchor === "bottom" && rest <= nearEnd;
    const seen = {
      top: node.scrollTop,
      height: node.clientHeight,
      isAway: anchor === "bottom" && rest > node.clientHeight,
    };
    // Said only when it is another: this is called after each picture.
    const { top, height, isAway } = drawn.current;
    if (seen.top === top && seen.height === height && seen.isAway === isAway) return;
    drawn.current = seen;
    setView(seen);
  };

  /** Measures what is in the page. True when the list is laid out anew. */
  const measure = (): boolean => {
    let isNew = false;
    for (const row of scroller.current?.querySelectorAll<HTMLElement>(".measured-row") ?? []) {
      if (measured.measure(row.dataset["key"] ?? "", row.getBoundingClientRect().height)) isNew = true;
    }
    return isNew;
  };

  /** Puts the row that was seen back where it was, or goes on following the end. */
  const hold = () => {
    const node = scroller.current;
    if (!node) return;
    const end = measured.total - node.clientHeight;
    const wanted = follows.current ? end : placeOf(measured, held.current);
    if (wanted !== null && Math.abs(wanted - node.scrollTop) >= 0.5) node.scrollTop = wanted;
    look();
  };

  useLayoutEffect(() => {
    const node = scroller.current;
    const at = around === null ? undefined : measured.indexOf(around);
    if (node && at !== undefined) held.current = [{ key: around ?? "", below: Math.round(node.clientHeight / 3) }];
  }, [around]);

  // Before each picture: what was measured moves what stands below it, and the page is moved back by as much. Not before it is laid out
  // anew: until then the page may not reach as far as it has to go.
  useLayoutEffect(() => {
    if (measure()) draw((turn) => turn + 1);
    else hold();
  });

  useEffect(() => {
    const node = scroller.current;
    if (!node) return;
    const watcher = new ResizeObserver(() => {
      if (measure()) flushSync(() => draw((turn) => turn + 1));
      else look();
    });
    watcher.observe(node);
    for (const row of node.querySelectorAll(".measured-row")) watcher.observe(row);
    return () => watcher.disconnect();
  }, [shown[0], shown[shown.length - 1], keys]);

  const { onBefore, onAfter } = props;
  useEffect(() => {
    if (onBefore && first === 0 && view.top < overscan) onBefore();
    if (onAfter && measured.total - view.top - view.height < overscan) onAfter();
  });

  const go = (key: string) => {
    const node = scroller.current;
    if (!node || measured.indexOf(key) === undefined) return;
    follows.current = false;
    held.current = [{ key, below: Math.round(node.clientHeight / 3) }];
    hold();
  };
  const toEnd = () => {
    follows.current = true;
    hold();
  };
  useImperativeHandle(handle, () => ({ reveal: go, toEnd }));

  return (
    <div className={`measured ${className}`}>
      <div
        ref={scroller}
        className="measured-scroll"
        tabIndex={0}
        role="group"
        aria-label={label}
        onScroll={() => {
          look();
          tell();
        }}
      >
        <div className="measured-rows" role={role} aria-label={label} style={{ height: measured.total }}>
          {shown.map((at) => {
            const item = items[at];
            const key = keys[at];
            if (item === undefined || key === undefined) return null;
            return (
              <div
                key={key}
                data-key={key}
                className="measured-row"
                {...(role === "list"
                  ? { role: "listitem", "aria-setsize": items.length, "aria-posinset": at + 1 }
                  : {})}
                style={{ top: measured.top(at) }}
                onFocus={() => setFocused(key)}
                onBlur={() => setFocused(null)}
              >
                {unread?.key === key && (
                  <div className="unread-line" role="separator">
                    <span>{unread.label}</span>
                  </div>
                )}
                {render(item)}
              </div>
            );
          })}
        </div>
      </div>
      {view.isAway && props.endLabel && (
        <Button className="measured-end" icon="down" onClick={toEnd}>{props.endLabel}</Button>
      )}
    </div>
  );
}

export const MeasuredList = forwardRef(List) as <T>(
  props: MeasuredListProps<T> & { ref?: Ref<MeasuredListHandle> },
) => JSX.Element;
