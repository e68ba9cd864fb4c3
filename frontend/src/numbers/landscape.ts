/** What the scene of the loss shows, as numbers: surfaces, region, minima and paths of one setup. */
import { type Place, roundAbove, type Surface } from "./bowl";
import {
  BEST,
  descend,
  loss,
  minimizer,
  mse,
  type Path,
  penalty,
  prices,
  type Rule,
  restOf,
  type Setup,
  type Weights,
} from "./descent";

/** Which height the paths are drawn at. */
export type Ground = "loss" | "mse";

export interface Trail {
  rule: Rule;
  path: Path;
  /** The path over the ground. */
  places: Place[];
}

export interface Landscape {
  /** The height at which the stage ends. */
  top: number;
  ground: Surface;
  /** Null where there is no push from the data. */
  data: Surface | null;
  /** The priced penalty alone; null without one, and where it is the ground itself. */
  priced: Surface | null;
  /** The weights whose penalty is at most that of the penalized minimum; null where there is no such region. */
  region: Weights[] | null;
  /** Without the penalty. */
  best: Weights | null;
  /** With the penalty. */
  pricedBest: Weights | null;
  trails: Trail[];
  start: Weights;
}

/** As many steps as a path may have. */
export const MOST_STEPS = 200;

const EDGE = 120;
/** So much higher than the start the stage ends: a bowl is wide only well above its bottom. */
const AIR = 1.5;

export function landscape(setup: Setup, ground: Ground, start: Weights, rules: readonly Rule[]): Landscape {
  const [l1, l2] = prices(setup);
  const hasPenalty = l1 + l2 > 0;
  const height = ground === "loss" || setup.isFlat ? loss : mse;
  const pricedBest = hasPenalty ? minimizer(setup) : null;
  const best = setup.isFlat ? null : BEST;
  const low = (height === loss ? pricedBest : null) ?? best ?? ([0, 0] as const);
  const at = (w: Weights): number => height(setup, w);
  return {
    top: roundAbove(AIR * Math.max(at(start), at([0, 0]), at(low))),
    ground: { height: at, low },
    data: best && { height: (w) => mse(setup, w), low: best },
    priced: hasPenalty && !setup.isFlat ? { height: (w) => penalty(setup, w), low: [0, 0] } : null,
    region: pricedBest && regionOf(setup, penalty(setup, pricedBest)),
    best,
    pricedBest,
    start,
    trails: rules.map((rule) => {
      const path = descend(rule, setup, start, MOST_STEPS);
      return { rule, path, places: path.points.map((w) => [w[0], w[1], at(w)] as const) };
    }),
  };
}

/** The edge of the weights whose priced penalty is at most `budget`; null if that is the origin alone. */
export function regionOf(setup: Setup, budget: number): Weights[] | null {
  if (budget <= 0) return null;
  const [l1, l2] = prices(setup);
  return Array.from({ length: EDGE }, (_, index) => {
    const angle = (2 * Math.PI * index) / EDGE;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    // l2 r² + b r = budget along this ray, in the form that also holds for l2 = 0.
    const b = l1 * (Math.abs(cos) + Math.abs(sin));
    const radius = (2 * budget) / (b + Math.sqrt(b * b + 4 * l2 * budget));
    return [radius * cos, radius * sin] as const;
  });
}

const SHORTEST_RUN = 24;
/** How many steps of a path that never rests are shown after the others have come to rest. */
const UNREST = 16;

/** The step at which playing ends. */
export function endOf(trails: readonly Trail[]): number {
  const rests = trails.map(({ path }) => path.left ?? restOf(path));
  const known = rests.filter((rest) => rest !== null);
  if (!known.length) return MOST_STEPS;
  const last = Math.max(...known) + (known.length < rests.length ? UNREST : 0);
  return Math.min(Math.max(last, SHORTEST_RUN), MOST_STEPS);
}

/** Where a path is after a number of steps; one that has left stays where it was seen last. */
export const placeAfter = ({ places }: Trail, step: number): Place =>
  places[Math.min(step, places.length - 1)] ?? [0, 0, 0];

/** The step at which playing stops next: where a path leaves, or at the end; the last step of all if both are past. */
export function nextStop(trails: readonly Trail[], step: number): number {
  const stops = [...trails.map(({ path }) => path.left), endOf(trails)];
  return Math.min(...stops.filter((stop): stop is number => stop !== null && stop > step), MOST_STEPS);
}
