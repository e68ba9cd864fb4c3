import type { Rule } from "../numbers/descent";

/** The mark of a rule around a point of an SVG: a circle, square, diamond or triangle. */
export function markPath(rule: Rule, x: number, y: number, size: number): string {
  const at = (dx: number, dy: number) => `${(x + dx * size).toFixed(1)} ${(y + dy * size).toFixed(1)}`;
  if (rule === "penalized")
    return `M${at(-0.85, -0.85)}L${at(0.85, -0.85)}L${at(0.85, 0.85)}L${at(-0.85, 0.85)}Z`;
  if (rule === "proximal") return `M${at(0, -1.25)}L${at(1.25, 0)}L${at(0, 1.25)}L${at(-1.25, 0)}Z`;
  if (rule === "momentum") return `M${at(0, -1.25)}L${at(1.15, 0.8)}L${at(-1.15, 0.8)}Z`;
  const r = size.toFixed(1);
  return `M${at(-1, 0)}a${r} ${r} 0 1 0 ${(2 * size).toFixed(1)} 0a${r} ${r} 0 1 0 ${(-2 * size).toFixed(1)} 0Z`;
}

/** A line with a mark, as the paths are drawn. */
export const TrailSwatch = ({ rule }: { rule: Rule }) => (
  <svg class="scene-swatch" viewBox="0 0 32 14" aria-hidden="true">
    <path class="scene-trail" data-rule={rule} d="M1 7H31" />
    <path class="scene-mark" data-rule={rule} d={markPath(rule, 16, 7, 4.5)} />
  </svg>
);

/** The ring of a minimum. */
export const PinSwatch = ({ kind }: { kind: "best" | "priced" }) => (
  <svg class="scene-swatch narrow" viewBox="0 0 14 14" aria-hidden="true">
    <Pin kind={kind} x={7} y={7} />
  </svg>
);

export const RegionSwatch = () => (
  <svg class="scene-swatch narrow" viewBox="0 0 14 14" aria-hidden="true">
    <path class="scene-region" d="M7 1L13 7L7 13L1 7Z" />
  </svg>
);

/** A minimum: a ring without the penalty, a ring with a dot with it. */
export const Pin = ({ kind, x, y }: { kind: "best" | "priced"; x: number; y: number }) => (
  <g class="scene-pin" data-kind={kind} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
    <circle r="5" />
    {kind === "priced" && <circle class="scene-pin-dot" r="1.8" />}
  </g>
);
