import { type CSSProperties, type KeyboardEvent, type PointerEvent, useEffect, useId, useRef } from "react";
import { useWords } from "../../lib/i18n";
import { moved, resized, type Size, type Square, zoomed, zoomOf } from "./crop";

interface CropProps {
  source: string;
  of: Size;
  square: Square;
  onChange: (change: (square: Square) => Square) => void;
}

/** The picture, placed so that a box of this side shows the square and nothing else. */
function placed(of: Size, square: Square, side: number): CSSProperties {
  const scale = side / square.size;
  return {
    width: of.width * scale,
    height: of.height * scale,
    transform: `translate(${-square.x * scale}px, ${-square.y * scale}px)`,
  };
}

/** What others will see, at the size at which they will. */
export function CropPreview({ source, of, square, side }: Omit<CropProps, "onChange"> & { side: number }) {
  return (
    <span className="crop-preview" style={{ width: side, height: side }} aria-hidden="true">
      <img src={source} alt="" style={placed(of, square, side)} draggable={false} />
    </span>
  );
}

const side = 264;
const steps: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Moved by dragging, by one finger or two, by the wheel, by the arrow keys; nearer by the slider, + and −. */
export function CropArea({ source, of, square, onChange }: CropProps) {
  const t = useWords();
  const hint = useId();
  const zoom = useId();
  const area = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, { x: number; y: number }>());

  // React listens to the wheel passively: the page would scroll along.
  useEffect(() => {
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      onChange((now) => resized(of, now, now.size * Math.exp(event.deltaY / 600)));
    };
    const element = area.current;
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [of, onChange]);

  const spread = () => {
    const [first, second] = [...pointers.current.values()];
    return first && second ? Math.hypot(first.x - second.x, first.y - second.y) : 0;
  };
  const follow = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const [distance, count] = [spread(), pointers.current.size];
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const factor = distance > 0 && spread() > 0 ? distance / spread() : 1;
    onChange((now) => {
      const scale = now.size / side / count;
      const dragged = moved(of, now, (before.x - event.clientX) * scale, (before.y - event.clientY) * scale);
      return resized(of, dragged, dragged.size * factor);
    });
  };
  const release = (event: PointerEvent) => pointers.current.delete(event.pointerId);
  const press = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const factor = event.key === "+" || event.key === "=" ? 0.9 : event.key === "-" ? 1 / 0.9 : null;
    if (!step && factor === null) return;
    event.preventDefault();
    const far = event.shiftKey ? 0.1 : 0.02;
    onChange((now) =>
      step
        ? moved(of, now, step[0] * now.size * far, step[1] * now.size * far)
        : resized(of, now, now.size * (factor ?? 1))
    );
  };

  return (
    <div className="crop">
      <div
        ref={area}
        className="crop-area"
        style={{ width: side, height: side }}
        role="application"
        tabIndex={0}
        aria-label={t("avatar.area")}
        aria-describedby={hint}
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        }}
        onPointerMove={follow}
        onPointerUp={release}
        onPointerCancel={release}
      >
        <img src={source} alt="" style={placed(of, square, side)} draggable={false} />
      </div>
      <p id={hint} className="hint">{t("avatar.areaHint")}</p>
      <label className="crop-zoom" htmlFor={zoom}>
        <span>{t("avatar.zoom")}</span>
        <input
          id={zoom}
          type="range"
          min={0}
          max={100}
          step={1}
          value={Math.round(zoomOf(of, square))}
          onChange={(event) => {
            const value = Number(event.target.value);
            onChange((now) => zoomed(of, now, value));
          }}
        />
      </label>
    </div>
  );
}
