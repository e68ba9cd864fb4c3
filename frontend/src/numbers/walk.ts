/** Gradient descent on a loss over one weight: w ← w − rate · L′(w). */

/** A loss over one weight, with its lowest points from left to right. */
export interface Curve {
  loss: (w: number) => number;
  slope: (w: number) => number;
  valleys: readonly Valley[];
  /** The top between two valleys. */
  hill: number | null;
}

export interface Valley {
  w: number;
  loss: number;
  /** The second derivative at the lowest point. */
  curvature: number;
}

export interface Step {
  w: number;
  slope: number;
  loss: number;
}

/** Farther out than any figure shows; a walk that comes here is said to diverge and ends. */
export const FAR = 1e6;

/** ½ · h · w². */
export const parabola = (curvature: number): Curve => ({
  loss: (w) => 0.5 * curvature * w * w,
  slope: (w) => curvature * w,
  valleys: [{ w: 0, loss: 0, curvature }],
  hill: null,
});

/** The loss with two valleys is ¼ w⁴ − ½ · SPREAD · w² + TILT · w; the tilt makes the right one deeper. */
export const SPREAD = 3;
export const TILT = -0.5;

/** A loss whose right valley is deeper than its left one. */
export function twoValleys(): Curve {
  const loss = (w: number) => 0.25 * w ** 4 - 0.5 * SPREAD * w * w + TILT * w;
  const slope = (w: number) => w ** 3 - SPREAD * w + TILT;
  // The slope turns here, so there is one root on either side and one between.
  const turn = Math.sqrt(SPREAD / 3);
  const valley = (w: number) => ({ w, loss: loss(w), curvature: 3 * w * w - SPREAD });
  return {
    loss,
    slope,
    valleys: [valley(root(slope, -3, -turn)), valley(root(slope, turn, 3))],
    hill: root(slope, -turn, turn),
  };
}

/** Where a function is zero between two points at which its signs differ (bisection, to the last bit). */
export function root(f: (x: number) => number, low: number, high: number): number {
  const rises = f(high) > 0;
  let [from, to] = [low, high];
  for (let middle = (from + to) / 2; middle > from && middle < to; middle = (from + to) / 2) {
    if (f(middle) > 0 === rises) to = middle;
    else from = middle;
  }
  return from;
}

/** The start and what `steps` steps lead to; a walk that goes too far ends with its first point out there. */
export function walk(curve: Curve, rate: number, start: number, steps: number): Step[] {
  const at = (w: number) => ({ w, slope: curve.slope(w), loss: curve.loss(w) });
  const path = [at(start)];
  for (let w = start; path.length <= steps && Math.abs(w) < FAR; path.push(at(w))) w -= rate * curve.slope(w);
  return path;
}

/** What the steps do to the distance from the lowest point of a parabola, by the product of rate and curvature. */
export type Course = "creeps" | "arrives" | "jumps" | "swings" | "diverges";

export function courseOf(rate: number, curvature: number): Course {
  // A product of decimal fractions, such as 0.4 · 2.5, may miss a whole number by its last bit.
  const product = Number((rate * curvature).toPrecision(12));
  if (product < 1) return "creeps";
  if (product === 1) return "arrives";
  if (product < 2) return "jumps";
  return product === 2 ? "swings" : "diverges";
}

const PATIENCE = 5000;

/** The valley in which a walk comes to rest, counted from the left; `"nowhere"` if it never does, `"far"` if it diverges. */
export function endOf(curve: Curve, rate: number, start: number): number | "nowhere" | "far" {
  let w = start;
  for (let step = 0; step < PATIENCE; step += 1) {
    const next = w - rate * curve.slope(w);
    if (Math.abs(next) >= FAR) return "far";
    w = next;
  }
  const valley = curve.valleys.findIndex((place) => Math.abs(place.w - w) < 1e-3);
  return valley < 0 ? "nowhere" : valley;
}
