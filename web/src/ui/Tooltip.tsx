import { cloneElement, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";

interface TooltipProps {
  /** A few words; what one must know does not stand in a tooltip. */
  text: ReactNode;
  children: ReactElement;
}

const delay = 400;

/** Says more of a control on hover and on focus; Esc puts it away (WCAG 1.4.13). */
export function Tooltip({ text, children }: TooltipProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const timer = useRef(0);
  const around = useRef<HTMLSpanElement>(null);
  const later = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setShown(true), delay);
  };
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setShown(false), 80);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!shown) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setShown(false);
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, [shown]);
  return (
    <span
      ref={around}
      className="tooltip-around"
      onMouseEnter={later}
      onMouseLeave={hide}
      onFocus={() => setShown(true)}
      onBlur={() => setShown(false)}
    >
      {cloneElement(children, { "aria-describedby": shown ? id : undefined })}
      {shown && around.current &&
        createPortal(<Bubble id={id} at={around.current} text={text} onEnter={later} onLeave={hide} />, document.body)}
    </span>
  );
}

interface BubbleProps {
  id: string;
  at: HTMLElement;
  text: ReactNode;
  onEnter: () => void;
  onLeave: () => void;
}

function Bubble({ id, at, text, onEnter, onLeave }: BubbleProps) {
  const place = (node: HTMLSpanElement | null) => {
    if (!node) return;
    const box = at.getBoundingClientRect();
    const above = box.top - node.offsetHeight - 6;
    const left = box.left + box.width / 2 - node.offsetWidth / 2;
    node.style.top = `${above < 4 ? box.bottom + 6 : above}px`;
    node.style.left = `${Math.max(4, Math.min(left, innerWidth - node.offsetWidth - 4))}px`;
  };
  return (
    <span ref={place} role="tooltip" id={id} className="tooltip" onMouseEnter={onEnter} onMouseLeave={onLeave}>
      {text}
    </span>
  );
}
