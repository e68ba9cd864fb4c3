import { useMemo } from "preact/hooks";
import type { Point } from "../components/geometry";
import { Handle } from "../illustrations/parts/Handle";
import { bowlLevels, directions, levelLines, type Surface } from "../numbers/bowl";
import { REACH, type Weights } from "../numbers/descent";
import type { Landscape, Trail } from "../numbers/landscape";
import { markPath, Pin } from "./marks";
import { readable } from "./words";

const SIZE = 320;
const LEFT = 26;
const BOTTOM = 26;
const SIDE = SIZE - LEFT - 6;
const TICKS = [-3, -2, -1, 0, 1, 2, 3];
const LEVELS = 9;
const RAYS = 90;

const x = (w1: number): number => LEFT + ((w1 + REACH) / (2 * REACH)) * SIDE;
const y = (w2: number): number => SIZE - BOTTOM - ((w2 + REACH) / (2 * REACH)) * SIDE;
const place = (w: Point): Point => ({ x: x(w.x), y: y(w.y) });
const unplace = (at: Point): Point => ({
  x: ((at.x - LEFT) / SIDE) * 2 * REACH - REACH,
  y: ((SIZE - BOTTOM - at.y) / SIDE) * 2 * REACH - REACH,
});

export interface PlanProps {
  id: string;
  view: Landscape;
  step: number;
  onStart: (start: Weights) => void;
}

/** The scene from above, as a map: the same paths, the region of the penalty, and the start to drag. */
export function Plan({ id, view, step, onStart }: PlanProps) {
  const clip = `${id}-plan`;
  const [w1, w2] = view.start;
  // They stay while a path moves on.
  const levels = useMemo(() => view.data && contours(view.data, view.top), [view]);
  const move = (to: Point) => onStart([rounded(to.x), rounded(to.y)]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG with a slider in it has no element of HTML to be
    <svg class="scene-plan" viewBox={`0 0 ${SIZE} ${SIZE}`} role="group" aria-label="The same from above">
      <clipPath id={clip}>
        <rect x={LEFT} y={y(REACH)} width={SIDE} height={SIDE} />
      </clipPath>
      <rect class="scene-plan-floor" x={LEFT} y={y(REACH)} width={SIDE} height={SIDE} />
      <Axes />
      <g class="scene-plan-map" clip-path={`url(#${clip})`}>
        {levels && <path class="scene-level" d={levels} />}
        {view.region && <path class="scene-region" d={`M${view.region.map(spot).join("L")}Z`} />}
        {view.trails.map((trail) => (
          <TrailLine key={trail.rule} trail={trail} step={step} />
        ))}
        {view.best && <Pin kind="best" x={x(view.best[0])} y={y(view.best[1])} />}
        {view.pricedBest && <Pin kind="priced" x={x(view.pricedBest[0])} y={y(view.pricedBest[1])} />}
      </g>
      <Handle
        label="Start"
        at={{ x: w1, y: w2 }}
        low={{ x: -REACH, y: -REACH }}
        high={{ x: REACH, y: REACH }}
        step={0.1}
        place={place}
        unplace={unplace}
        words={`w₁ = ${readable(w1)}, w₂ = ${readable(w2)}`}
        onMove={move}
      />
    </svg>
  );
}

const spot = ([w1, w2]: readonly [number, number, ...number[]]): string =>
  `${x(w1).toFixed(1)} ${y(w2).toFixed(1)}`;

const contours = (surface: Surface, top: number): string =>
  bowlLevels(top, LEVELS)
    .flatMap((level) => levelLines(surface, level, directions(surface.low, RAYS)))
    .map((line) => `M${line.map(spot).join("L")}`)
    .join("");

function TrailLine({ trail: { rule, path }, step }: { trail: Trail; step: number }) {
  const points = path.points.slice(0, step + 1);
  const head = path.points[Math.min(step, path.points.length - 1)];
  return (
    <>
      <path class="scene-trail" data-rule={rule} d={`M${points.map(spot).join("L")}`} />
      <path
        class="scene-mark"
        data-rule={rule}
        d={points
          .slice(1)
          .map(([w1, w2]) => markPath(rule, x(w1), y(w2), 2.6))
          .join("")}
      />
      {head && step > 0 && (
        <path class="scene-mark head" data-rule={rule} d={markPath(rule, x(head[0]), y(head[1]), 5)} />
      )}
    </>
  );
}

const Axes = () => (
  <g class="scene-plan-axes">
    <path d={`M${x(0)} ${y(-REACH)}V${y(REACH)}M${x(-REACH)} ${y(0)}H${x(REACH)}`} />
    {TICKS.map((tick) => (
      <g key={tick}>
        <text x={x(tick)} y={SIZE - BOTTOM + 16} text-anchor="middle">
          {readable(tick)}
        </text>
        <text x={LEFT - 6} y={y(tick) + 4} text-anchor="end">
          {readable(tick)}
        </text>
      </g>
    ))}
    <text class="scene-plan-name" x={x(2.62)} y={y(-REACH) - 7} text-anchor="middle">
      w₁
    </text>
    <text class="scene-plan-name" x={LEFT + 8} y={y(2.62)}>
      w₂
    </text>
  </g>
);

const rounded = (weight: number): number => Number(Math.min(Math.max(weight, -REACH), REACH).toFixed(2)) + 0;
