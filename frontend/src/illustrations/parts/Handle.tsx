import { useRef } from "preact/hooks";
import type { Point } from "../../components/geometry";

export interface HandleProps {
  label: string;
  /** In the units of the figure. */
  at: Point;
  /** Where the handle may go; a single value fixes a coordinate. */
  low: Point;
  high: Point;
  /** How far an arrow key moves it; with Shift five times as far. */
  step: number;
  /** From the units of the figure to those of the SVG's view box, and back. */
  place: (point: Point) => Point;
  unplace: (place: Point) => Point;
  /** Where it stands, in words. */
  words: string;
  onMove: (point: Point) => void;
  class?: string;
}

const ARROWS: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Wide enough for a finger (24 CSS pixels and more). */
const REACH = 22;

/** A point of an SVG that is dragged by mouse or finger, and moved by the arrow keys when it has the focus. */
export function Handle({ label, at, low, high, step, place, unplace, words, onMove, ...rest }: HandleProps) {
  const isHeld = useRef(false);
  const move = (to: Point) => onMove({ x: within(to.x, low.x, high.x), y: within(to.y, low.y, high.y) });
  const { x, y } = place(at);
  const follow = (event: PointerEvent) => {
    if (isHeld.current) move(unplace(inViewBox(event)));
  };
  const release = () => {
    isHeld.current = false;
  };
  return (
    <g
      class={`handle ${rest.class ?? ""}`}
      role="slider"
      tabindex={0}
      aria-label={label}
      aria-valuenow={Number(at.x.toFixed(2))}
      aria-valuemin={low.x}
      aria-valuemax={high.x}
      aria-valuetext={words}
      transform={`translate(${x.toFixed(2)} ${y.toFixed(2)})`}
      onPointerDown={(event: PointerEvent & { currentTarget: SVGGElement }) => {
        isHeld.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
        event.currentTarget.focus();
      }}
      onPointerMove={follow}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={(event: KeyboardEvent) => {
        const arrow = ARROWS[event.key];
        if (!arrow) return;
        event.preventDefault();
        const far = step * (event.shiftKey ? 5 : 1);
        move({ x: at.x + far * arrow[0], y: at.y + far * arrow[1] });
      }}
    >
      <circle class="handle-reach" r={REACH} />
      <circle class="handle-dot" r="8" />
    </g>
  );
}

const within = (value: number, low: number, high: number): number =>
  Number(Math.min(Math.max(value, low), high).toPrecision(6));

/** Where a pointer is, in the units of the view box of the SVG below it. */
function inViewBox(event: PointerEvent): Point {
  const svg = (event.currentTarget as SVGGElement).ownerSVGElement;
  const matrix = svg?.getScreenCTM();
  if (!matrix) return { x: 0, y: 0 };
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x, y };
}
