/**
 * The weights of ridge and lasso along λ, with MSE + λ Σ w² and MSE + λ Σ |w| (no factor of one half).
 *
 * Features are standardized (divided by the root of their mean squared distance from their mean) and the target is
 * centered, so that there is no intercept. With G = X'X/n and r = X'y/n the ridge weights solve (G + λI) w = r. The lasso
 * weights are piecewise linear in λ; the path is followed from the λ at which the first weight leaves zero down to 0
 * (homotopy; Osborne, Presnell and Turlach, 2000; LARS: Efron and others, 2004). A weight that is absent is the number 0.
 */
import { dot, type Matrix, mean, moments, raised, solved, times, type Vector } from "./linear";

export interface Problem {
  gram: Matrix;
  pull: Vector;
}

/** The features in all columns but the last, which holds the target. */
export function problemOf(table: Matrix): Problem {
  const features = table.map((row) => row.slice(0, -1));
  const targets = table.map((row) => row.at(-1) ?? 0);
  const center = mean(targets);
  return moments(
    standardized(features),
    targets.map((target) => target - center),
  );
}

function standardized(rows: Matrix): number[][] {
  const columns = (rows[0] ?? []).map((_, column) => {
    const values = rows.map((row) => row[column] ?? 0);
    const center = mean(values);
    return { center, spread: Math.sqrt(mean(values.map((value) => (value - center) ** 2))) };
  });
  return rows.map((row) =>
    columns.map(({ center, spread }, column) => ((row[column] ?? 0) - center) / spread),
  );
}

export const ridge = ({ gram, pull }: Problem, strength: number): number[] =>
  solved(raised(gram, strength), pull);

/** Between two knots the weights are linear in λ. */
export interface Knot {
  strength: number;
  weights: number[];
}

interface Active {
  index: number;
  sign: number;
}

/** The knots of the lasso's path, from the λ above which all weights are 0 down to λ = 0. */
export function lassoPath(problem: Problem): Knot[] {
  const { pull } = problem;
  const none = pull.map(() => 0);
  const first = pull.reduce(
    (best, value, at) => (Math.abs(value) > Math.abs(pull[best] ?? 0) ? at : best),
    0,
  );
  let strength = 2 * Math.abs(pull[first] ?? 0);
  let active: Active[] = [{ index: first, sign: Math.sign(pull[first] ?? 0) }];
  let changed = first;
  const knots: Knot[] = [{ strength, weights: none }];
  while (strength > 0) {
    const stretch = stretchOf(problem, active);
    const event = nextEvent(problem, active, stretch, strength, changed);
    strength = event.strength;
    const weights = [...none];
    for (const [at, { index }] of active.entries())
      if (event.leaves !== index) weights[index] = weightAt(stretch, at, strength);
    knots.push({ strength, weights });
    changed = event.leaves ?? event.joins?.index ?? -1;
    active = active.filter(({ index }) => index !== event.leaves).concat(event.joins ?? []);
  }
  return knots;
}

/** w = base - λ turn for the active weights, while none of them changes its sign and no other pulls hard enough. */
interface Stretch {
  base: number[];
  turn: number[];
}

function stretchOf({ gram, pull }: Problem, active: Active[]): Stretch {
  const among = active.map(({ index }) => active.map((other) => gram[index]?.[other.index] ?? 0));
  return {
    base: solved(
      among,
      active.map(({ index }) => pull[index] ?? 0),
    ),
    turn: solved(
      among,
      active.map(({ sign }) => sign / 2),
    ),
  };
}

const weightAt = ({ base, turn }: Stretch, at: number, strength: number): number =>
  (base[at] ?? 0) - strength * (turn[at] ?? 0);

interface Event {
  strength: number;
  leaves?: number;
  joins?: Active;
}

/** What happens first as λ falls: a weight reaches zero, another feature begins to pull with λ, or λ is 0. */
function nextEvent(
  problem: Problem,
  active: Active[],
  stretch: Stretch,
  from: number,
  changed: number,
): Event {
  const events = [
    ...leavings(active, stretch).filter(({ leaves }) => leaves !== changed),
    ...joinings(problem, active, stretch).filter(
      // What has just left stands at the bound with its old sign; rounding must not bring it back.
      ({ strength, joins }) => joins?.index !== changed || strength < from * (1 - 1e-9),
    ),
  ];
  return events
    .filter(({ strength }) => strength > 0 && strength < from)
    .reduce((next, event) => (event.strength > next.strength ? event : next), { strength: 0 });
}

const leavings = (active: Active[], { base, turn }: Stretch): Event[] =>
  active.map(({ index }, at) => ({ strength: (base[at] ?? 0) / (turn[at] ?? 0), leaves: index }));

/** The pull of an absent feature, 2(r - G w), is a line in λ that meets λ or -λ. */
function joinings({ gram, pull }: Problem, active: Active[], { base, turn }: Stretch): Event[] {
  const present = new Set(active.map(({ index }) => index));
  return pull.flatMap((own, index) => {
    if (present.has(index)) return [];
    const among = active.map((other) => gram[index]?.[other.index] ?? 0);
    const [fixed, slope] = [2 * (own - dot(among, base)), 2 * dot(among, turn)];
    return [1, -1].map((sign) => ({ strength: fixed / (sign - slope), joins: { index, sign } }));
  });
}

/** The lasso's weights at λ, on the line between two knots. */
export function lasso(knots: readonly Knot[], strength: number): number[] {
  const below = knots.findIndex((knot) => knot.strength <= strength);
  const [low, high] = [knots[below], knots[below - 1]];
  if (!low || !high) return (knots[0]?.weights ?? []).map(() => 0);
  const share = (strength - low.strength) / (high.strength - low.strength);
  return low.weights.map((weight, at) => weight + share * ((high.weights[at] ?? 0) - weight));
}

/** The slope of the MSE along each weight: 2(G w - r). */
export const slopes = ({ gram, pull }: Problem, weights: Vector): number[] =>
  times(gram, weights).map((value, at) => 2 * (value - (pull[at] ?? 0)));
