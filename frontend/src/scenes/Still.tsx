import {
  bowlLevels,
  directions,
  levelLines,
  type Place,
  projected,
  rings,
  withinStage,
} from "../numbers/bowl";
import { REACH } from "../numbers/descent";
import type { Landscape, Trail } from "../numbers/landscape";
import { markPath, Pin } from "./marks";
import { FLOOR, HEIGHT } from "./measures";
import type { Angle } from "./orbit";
import { readable } from "./words";

const SIZE = { width: 640, height: 460 };
const SCALE = 53;
/** A little lower than the middle there is more to see, and a note stands below. */
const SHIFT = -8;
const MIDDLE = (HEIGHT + FLOOR) / 2;
const RAYS = 40;
const RINGS = 11;
const LEVELS = 9;

type Spot = { x: number; y: number; depth: number };

/** The scene as a drawing without graphics hardware: for print, and where a page cannot draw in three dimensions. */
export function Still({
  view,
  step,
  angle,
  label,
}: {
  view: Landscape;
  step: number;
  angle: Angle;
  label: string;
}) {
  const { top } = view;
  const at = ([w1, w2, height]: Place): Spot => {
    const seen = projected([w1, w2, (height / top) * HEIGHT - MIDDLE], angle.turn, angle.tilt);
    return {
      x: SIZE.width / 2 + SCALE * seen.x,
      y: SIZE.height / 2 + SHIFT - SCALE * seen.y,
      depth: seen.depth,
    };
  };
  const low = (FLOOR * top) / HEIGHT;
  const onFloor = ([w1, w2]: readonly [number, number, ...number[]]): Spot => at([w1, w2, low]);
  const floor = [
    onFloor([-REACH, -REACH]),
    onFloor([REACH, -REACH]),
    onFloor([REACH, REACH]),
    onFloor([-REACH, REACH]),
  ];
  const { best, pricedBest, start } = view;
  const ball = at([...start, Math.min(view.ground.height(start), top)]);
  return (
    <svg class="scene-still" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={label}>
      <path class="scene-plan-floor" d={closed(floor)} />
      {view.data && <path class="scene-level" d={floorLevels(view, onFloor)} />}
      {view.region && <path class="scene-region" d={closed(view.region.map(onFloor))} />}
      {tiles(view, at).map(({ corners, share }, index) => (
        <path
          key={index}
          class="scene-tile"
          fill-opacity={(0.9 - 0.65 * share).toFixed(2)}
          d={closed(corners)}
        />
      ))}
      {view.trails.map((trail) => (
        <StillTrail key={trail.rule} trail={trail} step={step} top={top} at={at} />
      ))}
      {best && <Pin kind="best" {...at([...best, view.ground.height(best)])} />}
      {pricedBest && <Pin kind="priced" {...at([...pricedBest, view.ground.height(pricedBest)])} />}
      <circle class="handle-dot" r="7" cx={ball.x.toFixed(1)} cy={ball.y.toFixed(1)} />
      <StillNames onFloor={onFloor} at={at} top={top} />
    </svg>
  );
}

const spot = ({ x, y }: Spot): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
const closed = (spots: Spot[]): string => `M${spots.map(spot).join("L")}Z`;

const floorLevels = ({ data, top }: Landscape, onFloor: (place: Place) => Spot): string =>
  data === null
    ? ""
    : bowlLevels(top, LEVELS)
        .flatMap((level) => levelLines(data, level, directions(data.low, RAYS)))
        .map((line) => `M${line.map((place) => spot(onFloor(place))).join("L")}`)
        .join("");

/** The surface in small pieces, the farthest first, so that the nearer cover them. */
function tiles({ ground, top }: Landscape, at: (place: Place) => Spot): { corners: Spot[]; share: number }[] {
  const around = directions(ground.low, RAYS);
  const grid = rings(ground, top, RINGS, around);
  const pieces = grid.slice(1).flatMap((outer, ring) => {
    const inner = grid[ring] ?? [];
    return outer.map((_, ray) => {
      const next = (ray + 1) % outer.length;
      const places = [inner[ray], outer[ray], outer[next], inner[next]].filter(
        (place) => place !== undefined,
      );
      const height = places.reduce((sum, place) => sum + place[2], 0) / places.length;
      return { corners: places.map(at), share: Math.sqrt(Math.max(height, 0) / top) };
    });
  });
  const depth = ({ corners }: { corners: Spot[] }) => corners.reduce((sum, corner) => sum + corner.depth, 0);
  return pieces.sort((a, b) => depth(b) - depth(a));
}

interface StillTrailProps {
  trail: Trail;
  step: number;
  top: number;
  at: (place: Place) => Spot;
}

function StillTrail({ trail: { rule, places }, step, top, at }: StillTrailProps) {
  const seen = places.slice(0, step + 1);
  const pieces = seen.slice(1).map((to, index) => withinStage(seen[index] ?? to, to, top));
  const marks = seen.slice(1).filter((place) => withinStage(place, place, top));
  return (
    <>
      <path
        class="scene-trail"
        data-rule={rule}
        d={pieces.map((piece) => piece && `M${spot(at(piece[0]))}L${spot(at(piece[1]))}`).join("")}
      />
      <path
        class="scene-mark"
        data-rule={rule}
        d={marks
          .map(at)
          .map(({ x, y }) => markPath(rule, x, y, 4))
          .join("")}
      />
    </>
  );
}

interface StillNamesProps {
  onFloor: (w: readonly [number, number]) => Spot;
  at: (place: Place) => Spot;
  top: number;
}

/** The names of the axes, and the axis of the loss on the corner that is seen farthest to the left. */
function StillNames({ onFloor, at, top }: StillNamesProps) {
  const corners = [-REACH, REACH].flatMap((w1) => [-REACH, REACH].map((w2) => [w1, w2] as const));
  const [w1, w2] = corners.reduce((one, other) => (onFloor(other).x < onFloor(one).x ? other : one));
  const up = (share: number) => at([w1, w2, share * top]);
  const sides = [-1, 1].map((side) => [
    { name: "w₁", ...onFloor([0, side * (REACH + 0.55)]) },
    { name: "w₂", ...onFloor([side * (REACH + 0.55), 0]) },
  ]);
  // Each name stands at the nearer of its two edges.
  const names = [0, 1].map(
    (axis) => sides.map((side) => side[axis]).sort((a, b) => (b?.y ?? 0) - (a?.y ?? 0))[0],
  );
  return (
    <g class="scene-plan-axes">
      <path d={`M${spot(up(0))}L${spot(up(1.08))}`} />
      {[0, 0.5, 1].map((share) => (
        <text key={share} x={(up(share).x - 8).toFixed(1)} y={(up(share).y + 4).toFixed(1)} text-anchor="end">
          {readable(share * top)}
        </text>
      ))}
      <text
        class="scene-plan-name"
        x={up(1).x.toFixed(1)}
        y={(up(1.08).y - 8).toFixed(1)}
        text-anchor="middle"
      >
        loss
      </text>
      {names.map(
        (name) =>
          name && (
            <text
              key={name.name}
              class="scene-plan-name"
              x={name.x.toFixed(1)}
              y={name.y.toFixed(1)}
              text-anchor="middle"
            >
              {name.name}
            </text>
          ),
      )}
    </g>
  );
}
