/**
 * Surfaces over two weights, sampled along rays from their lowest point.
 *
 * The heights are convex, so each ray only rises, meets every level once, and leaves the stage once. A mesh of rays
 * has a clean edge where a square grid would have steps, and holds the creases of L1 along the axes.
 */
import { REACH, type Weights } from "./descent";

export interface Surface {
  height: (w: Weights) => number;
  /** Where it is least, within the stage. */
  low: Weights;
}

/** A place over the plane of weights. */
export type Place = readonly [w1: number, w2: number, height: number];

const HALVINGS = 44;

/** Directions all around, with those of the axes and of the corners of the stage among them. */
export function directions([low1, low2]: Weights, wanted: number): number[] {
  const around = Array.from({ length: wanted }, (_, index) => (2 * Math.PI * index) / wanted - Math.PI);
  const corners = [-REACH, REACH].flatMap((w1) =>
    [-REACH, REACH].map((w2) => Math.atan2(w2 - low2, w1 - low1)),
  );
  return [...around, ...corners].sort((a, b) => a - b);
}

/** How far it is from `low` to the edge of the stage. */
function toEdge([low1, low2]: Weights, angle: number): number {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = (from: number, pace: number) =>
    Math.abs(pace) < 1e-12 ? Number.POSITIVE_INFINITY : (Math.sign(pace) * REACH - from) / pace;
  return Math.min(along(low1, cos), along(low2, sin));
}

const at = ({ height, low }: Surface, angle: number, radius: number): Place => {
  const w: Weights = [low[0] + radius * Math.cos(angle), low[1] + radius * Math.sin(angle)];
  return [w[0], w[1], height(w)];
};

/** How far a ray goes until it reaches the level; null if it leaves the stage before. */
function toLevel(surface: Surface, angle: number, level: number): number | null {
  let [low, high] = [0, toEdge(surface.low, angle)];
  if (at(surface, angle, high)[2] < level) return null;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (at(surface, angle, middle)[2] < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How far a ray goes until it leaves the stage, at its edge or at its top. */
const reach = (surface: Surface, angle: number, top: number): number =>
  toLevel(surface, angle, top) ?? toEdge(surface.low, angle);

/** The surface below `top` as rings of places, from the edge of `low` outward; each ring has one place per direction. */
export function rings(surface: Surface, top: number, count: number, angles: readonly number[]): Place[][] {
  const reaches = angles.map((angle) => reach(surface, angle, top));
  return Array.from({ length: count + 1 }, (_, ring) =>
    angles.map((angle, index) => at(surface, angle, ((reaches[index] ?? 0) * ring) / count)),
  );
}

/** The lines on which the surface has this level; several where the edge of the stage cuts it. */
export function levelLines(surface: Surface, level: number, angles: readonly number[]): Place[][] {
  const places = angles.map((angle) => {
    const radius = toLevel(surface, angle, level);
    return radius === null ? null : at(surface, angle, radius);
  });
  const gap = places.indexOf(null);
  if (gap < 0) return places.length ? [[...places, places[0]] as Place[]] : [];
  const lines: Place[][] = [[]];
  for (const place of [...places.slice(gap), ...places.slice(0, gap)])
    if (place) lines.at(-1)?.push(place);
    else lines.push([]);
  return lines.filter((line) => line.length > 1);
}

/** Levels whose lines lie at about equal distances on a bowl. */
export const bowlLevels = (top: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => top * ((index + 1) / (count + 1)) ** 2);

const ROUND = [1, 1.5, 2, 3, 4, 6, 8, 10];

/** The next round number above a value, at least 1: the top of the stage, which should not move with every step. */
export function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return Math.max(1, power * (ROUND.find((round) => round * power >= value) ?? 10));
}

/** The part of a segment within the stage: weights within its reach, heights of 0 to `top`; null if there is none. */
export function withinStage(from: Place, to: Place, top: number): [Place, Place] | null {
  const bounds = [
    [-REACH, REACH],
    [-REACH, REACH],
    [0, top],
  ] as const;
  let [enter, leave] = [0, 1];
  for (const axis of [0, 1, 2] as const) {
    const [low, high] = bounds[axis];
    const pace = to[axis] - from[axis];
    if (pace === 0 && (from[axis] < low || from[axis] > high)) return null;
    if (pace === 0) continue;
    const [a, b] = [(low - from[axis]) / pace, (high - from[axis]) / pace];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter > leave ? null : [between(from, to, enter), between(from, to, leave)];
}

/** The place at a share of the way. */
export const between = (from: Place, to: Place, share: number): Place => [
  from[0] + share * (to[0] - from[0]),
  from[1] + share * (to[1] - from[1]),
  from[2] + share * (to[2] - from[2]),
];

/** A place as seen from far away, `turn` around the upright axis and `tilt` above the floor (radians); depth grows away. */
export function projected(
  [w1, w2, height]: Place,
  turn: number,
  tilt: number,
): { x: number; y: number; depth: number } {
  const across = w1 * Math.cos(turn) + w2 * Math.sin(turn);
  const away = -w1 * Math.sin(turn) + w2 * Math.cos(turn);
  return {
    x: across,
    y: height * Math.cos(tilt) + away * Math.sin(tilt),
    depth: away * Math.cos(tilt) - height * Math.sin(tilt),
  };
}

/** The first place where a ray falls onto the surface from above; null if it does not within the stage. */
export function firstBelow(
  surface: Surface,
  origin: Place,
  direction: Place,
  farthest: number,
): Weights | null {
  const gap = (way: number): number => {
    const w: Weights = [origin[0] + way * direction[0], origin[1] + way * direction[1]];
    if (Math.max(Math.abs(w[0]), Math.abs(w[1])) > REACH) return Number.NaN;
    return origin[2] + way * direction[2] - surface.height(w);
  };
  const pieces = 240;
  for (let piece = 0; piece < pieces; piece += 1) {
    let [above, below] = [(farthest * piece) / pieces, (farthest * (piece + 1)) / pieces];
    if (!(gap(above) > 0 && gap(below) <= 0)) continue;
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const middle = (above + below) / 2;
      if (gap(middle) > 0) above = middle;
      else below = middle;
    }
    return [origin[0] + below * direction[0], origin[1] + below * direction[1]];
  }
  return null;
}
