/**
 * The smallest quadratic loss within the fence of a penalty, for two weights, and the strength λ that leads there.
 *
 * The loss is q(w) = (w - c)' A (w - c), A symmetric and positive definite. A penalty P(w) = φ(|w₁|) + φ(|w₂|) allows
 * the weights with P(w) ≤ φ(b): its fence crosses the axes at ±b, the budget.
 *
 *     L1            φ(r) = r
 *     L2            φ(r) = r²
 *     Elastic Net   φ(r) = α r + (1 - α) r²
 *     L_p           φ(r) = r^p, which for p < 1 has dents
 *
 * Outside its fence the loss has its constrained minimum on it, where ∇q(w) + λ ∇P(w) = 0 with λ > 0 (Karush, Kuhn and
 * Tucker): the same weights minimize q(w) + λ P(w) if P is convex. A weight of the result is the number 0 only where the
 * condition for a corner holds, or where c has that zero itself; no tolerance decides it.
 */
import { ball, type Loss, lossAt, type Point } from "../components/geometry";

export type Penalty =
  | { kind: "l1" }
  | { kind: "l2" }
  | { kind: "elastic-net"; mix: number }
  | { kind: "lp"; p: number };

/** Where a constrained minimum lies. */
export type Place = "inside" | "corner" | "edge";

export interface Constrained {
  weights: Point;
  place: Place;
  /** λ, in the scaling of q(w) + λ P(w); 0 inside the fence. */
  multiplier: number;
}

/** The penalty φ of one weight of size `r`. */
export function charge(penalty: Penalty, r: number): number {
  if (penalty.kind === "lp") return r ** penalty.p;
  const share = l1Share(penalty);
  return share * r + (1 - share) * r * r;
}

/** The penalty P of two weights. */
export const charged = (penalty: Penalty, { x, y }: Point): number =>
  charge(penalty, Math.abs(x)) + charge(penalty, Math.abs(y));

const DIRECTIONS = 360;

/** Points on the fence, counter-clockwise from (b, 0); its corners are among them. */
export function fence(penalty: Penalty, budget: number): Point[] {
  if (penalty.kind === "lp") return ball(penalty.p, budget, DIRECTIONS);
  const share = l1Share(penalty);
  const cap = charge(penalty, budget);
  return Array.from({ length: DIRECTIONS }, (_, index) => {
    const angle = (2 * Math.PI * index) / DIRECTIONS;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    // (1 - α) r² + α (|cos| + |sin|) r = cap, solved without a difference of like numbers.
    const linear = share * (Math.abs(cos) + Math.abs(sin));
    const r = (2 * cap) / (linear + Math.sqrt(linear * linear + 4 * (1 - share) * cap));
    return { x: r * cos, y: r * sin };
  });
}

/** The budget whose fence passes through some weights. */
export function budgetOf(penalty: Penalty, weights: Point): number {
  const cap = charged(penalty, weights);
  if (penalty.kind === "lp") return cap ** (1 / penalty.p);
  const share = l1Share(penalty);
  return cap === 0 ? 0 : (2 * cap) / (share + Math.sqrt(share * share + 4 * (1 - share) * cap));
}

/** The constrained minima of `count` budgets, from the origin to where the fence meets the minimum of the loss. */
export function solutionPath(loss: Loss, penalty: Penalty, count: number): Point[] {
  const widest = budgetOf(penalty, loss.center);
  const budgets = Array.from({ length: count - 2 }, (_, index) => (widest * (index + 1)) / (count - 1));
  const within = budgets.map((budget) => constrained(loss, penalty, budget).weights);
  return [{ x: 0, y: 0 }, ...within, loss.center];
}

/** The minimum of a loss within the fence that crosses the axes at `budget`. */
export function constrained(loss: Loss, penalty: Penalty, budget: number): Constrained {
  const { center } = loss;
  if (charged(penalty, center) <= charge(penalty, budget))
    return { weights: center, place: "inside", multiplier: 0 };
  if (penalty.kind !== "lp") return onConvexFence(loss, l1Share(penalty), budget);
  if (penalty.p === 1) return onConvexFence(loss, 1, budget);
  if (penalty.p === 2) return onConvexFence(loss, 0, budget);
  return onPowerFence(loss, penalty.p, budget);
}

/** The curvature of the loss along the first weight; it is 1 along the second. */
const CURVATURE = 0.62;

/** The loss of the map: 0.62 dx² + 2ρ √0.62 dx dy + dy², where dx and dy lead from the minimum to the weights. */
export const planeLoss = (minimum: Point, correlation: number): Loss => ({
  center: minimum,
  curvature: [CURVATURE, correlation * Math.sqrt(CURVATURE), 1],
});

function l1Share(penalty: Exclude<Penalty, { kind: "lp" }>): number {
  if (penalty.kind === "elastic-net") return penalty.mix;
  return penalty.kind === "l1" ? 1 : 0;
}

/** The slope of the loss along each weight. */
export function gradient({ center, curvature: [xx, xy, yy] }: Loss, { x, y }: Point): Point {
  const [dx, dy] = [x - center.x, y - center.y];
  return { x: 2 * (xx * dx + xy * dy), y: 2 * (xy * dx + yy * dy) };
}

const SIDES = [1, -1] as const;

/** L1, L2 and what lies between: a corner if one satisfies its condition, else one of four edges. */
function onConvexFence(loss: Loss, share: number, budget: number): Constrained {
  const corners = cornersOf(loss, budget, share + 2 * (1 - share) * budget, share);
  const corner = corners.find(({ excess }) => excess <= 0);
  if (corner) return atCorner(corner);
  for (const x of SIDES)
    for (const y of SIDES) {
      const { weights, multiplier } = onArc(loss, share, budget, { x, y });
      if (multiplier > 0 && x * weights.x > 0 && y * weights.y > 0)
        return { weights, place: "edge", multiplier };
    }
  // So close to a corner that rounding hides both cases: it is the corner that misses its condition by least.
  return atCorner(corners.reduce((best, other) => (other.excess < best.excess ? other : best)));
}

interface Corner {
  weights: Point;
  multiplier: number;
  /** By how much the slope of the loss along the absent weight exceeds what the penalty can hold. */
  excess: number;
}

const atCorner = ({ weights, multiplier }: Corner): Constrained => ({ weights, place: "corner", multiplier });

/** The four corners. `held` is φ'(b), which holds the weight that is there, and `kink` φ'(0), which holds the other. */
function cornersOf(loss: Loss, budget: number, held: number, kink: number): Corner[] {
  const corner = (weights: Point, inward: number, along: number): Corner => {
    const multiplier = inward / held;
    const excess = multiplier > 0 ? Math.abs(along) - multiplier * kink : Number.POSITIVE_INFINITY;
    return { weights, multiplier, excess };
  };
  return SIDES.flatMap((side) => {
    const [right, above] = [
      { x: side * budget, y: 0 },
      { x: 0, y: side * budget },
    ];
    const [slope, slopeAbove] = [gradient(loss, right), gradient(loss, above)];
    return [corner(right, -side * slope.x, slope.y), corner(above, -side * slopeAbove.y, slopeAbove.x)];
  });
}

/** The stationary point of one quadrant, with its penalty continued smoothly beyond it. */
function onArc(loss: Loss, share: number, budget: number, signs: Point) {
  if (share === 1) return onLine(loss, budget, signs);
  // α s·w + (1 - α)|w|² is (1 - α)|w + κ s|² less a constant: the arc is one of a circle around -κ s.
  const shift = share / (2 * (1 - share));
  const offset = { x: shift * signs.x, y: shift * signs.y };
  const radius = Math.hypot(budget + shift, shift);
  const moved = { x: loss.center.x + offset.x, y: loss.center.y + offset.y };
  const { weights, multiplier } = onCircle({ ...loss, center: moved }, radius);
  return {
    weights: { x: weights.x - offset.x, y: weights.y - offset.y },
    multiplier: multiplier / (1 - share),
  };
}

/** On s·w = b the gradient is parallel to s: w = c - ½λ A⁻¹ s. */
function onLine({ center, curvature: [xx, xy, yy] }: Loss, budget: number, signs: Point) {
  const determinant = xx * yy - xy * xy;
  const across = {
    x: (yy * signs.x - xy * signs.y) / determinant,
    y: (xx * signs.y - xy * signs.x) / determinant,
  };
  const beyond = signs.x * center.x + signs.y * center.y - budget;
  const half = beyond / (signs.x * across.x + signs.y * across.y);
  const weights = { x: center.x - half * across.x, y: center.y - half * across.y };
  return { weights, multiplier: 2 * half };
}

/** The minimum on a circle around the origin: |(A + λI)⁻¹ A c| = r, a secular equation in λ. */
function onCircle({ center, curvature: [xx, xy, yy] }: Loss, radius: number) {
  const pulled = { x: xx * center.x + xy * center.y, y: xy * center.x + yy * center.y };
  const at = (strength: number): Point => {
    const [a, d] = [xx + strength, yy + strength];
    const determinant = a * d - xy * xy;
    return {
      x: (d * pulled.x - xy * pulled.y) / determinant,
      y: (a * pulled.y - xy * pulled.x) / determinant,
    };
  };
  const multiplier = grown((strength) => {
    const { x, y } = at(strength);
    const [a, d] = [xx + strength, yy + strength];
    const length = Math.hypot(x, y);
    // |w|' = -w'(A + λI)⁻¹w / |w|, and Newton's step is taken on 1/|w| - 1/r, which is nearly a line.
    const slope = (d * x * x - 2 * xy * x * y + a * y * y) / (a * d - xy * xy) / length;
    return ((length - radius) / radius) * (length / slope);
  });
  return { weights: at(multiplier), multiplier };
}

/** Where Newton's steps from 0 upward end: they come from below and stop when rounding leaves nothing to add. */
function grown(step: (value: number) => number): number {
  let value = 0;
  for (let round = 0; round < 100; round += 1) {
    const next = value + step(value);
    if (!(next > value)) break;
    value = next;
  }
  return value;
}

/** Of each half-arc; a half-arc has one local minimum or two, so none is lost between the cells. */
const CELLS = 64;

/** L_p: the least of the local minima, which are found on eight half-arcs by bisection, and of the corners that are ones. */
function onPowerFence(loss: Loss, p: number, budget: number): Constrained {
  // Below p = 1 the slope of the penalty at 0 has no bound: every corner on the side of lower loss is a local minimum.
  const corners = cornersOf(loss, budget, p * budget ** (p - 1), p < 1 ? Number.POSITIVE_INFINITY : 0);
  const found = corners.filter(({ excess }) => excess <= 0).map(atCorner);
  for (const x of SIDES)
    for (const y of SIDES)
      for (const near of ["x", "y"] as const)
        found.push(...alongArc(halfArc(p, budget, { x, y }, near), loss));
  return found.reduce((best, other) =>
    lossAt(loss, other.weights) < lossAt(loss, best.weights) ? other : best,
  );
}

interface HalfArc {
  at: (angle: number) => Point;
  /** The direction along the arc away from its axis; its length does not matter. */
  along: (weights: Point) => Point;
  /** λ at a stationary point with this slope of the loss. */
  multiplier: (weights: Point, slope: Point) => number;
}

/** From the axis `near` to the diagonal of a quadrant. Angles start at that axis, where the other weight is 0. */
function halfArc(p: number, budget: number, signs: Point, near: "x" | "y"): HalfArc {
  const far = near === "x" ? "y" : "x";
  const size = (share: number) => budget * share ** (2 / p);
  const inAxes = (large: number, small: number): Point =>
    near === "x" ? { x: large, y: small } : { x: small, y: large };
  // For p < 1 both parts are multiplied by |w₁ w₂|^(1 - p), so that neither grows without bound.
  const part = (own: number, other: number) =>
    p < 1 ? Math.abs(own) ** (1 - p) : Math.abs(other) ** (p - 1);
  return {
    at: (angle) => inAxes(signs[near] * size(Math.cos(angle)), signs[far] * size(Math.sin(angle))),
    along: (weights) =>
      inAxes(
        -signs[near] * part(weights[near], weights[far]),
        signs[far] * part(weights[far], weights[near]),
      ),
    multiplier: (weights, slope) => (-signs[near] * slope[near]) / (p * Math.abs(weights[near]) ** (p - 1)),
  };
}

/** The points of a half-arc where the loss stops falling and begins to rise. */
function alongArc(arc: HalfArc, loss: Loss): Constrained[] {
  const rise = (angle: number) => {
    const weights = arc.at(angle);
    const [slope, along] = [gradient(loss, weights), arc.along(weights)];
    return slope.x * along.x + slope.y * along.y;
  };
  const angles = Array.from({ length: CELLS + 1 }, (_, index) => (index * Math.PI) / 4 / CELLS);
  const found: Constrained[] = [];
  for (const [index, low] of angles.entries()) {
    const high = angles[index + 1] ?? low;
    if (!(rise(low) < 0 && rise(high) >= 0)) continue;
    const weights = arc.at(bisected(rise, low, high));
    found.push({ weights, place: "edge", multiplier: arc.multiplier(weights, gradient(loss, weights)) });
  }
  return found;
}

/** Where a function turns from negative, to the last bit. */
function bisected(value: (at: number) => number, low: number, high: number): number {
  const middle = (low + high) / 2;
  if (middle === low || middle === high) return high;
  return value(middle) < 0 ? bisected(value, middle, high) : bisected(value, low, middle);
}
