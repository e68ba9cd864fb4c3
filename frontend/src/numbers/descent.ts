/**
 * Gradient descent on a loss over two weights, with and without a penalty; the letters of the lesson on regularization.
 *
 *   MSE(w)  = ½ (w − m)ᵀ H (w − m), least at m = (0.6, 1.6). H has the eigenvalues 1 and `condition`,
 *             and its steep direction is turned from the axis of w₂ by 20° toward that of −w₁.
 *   Loss(w) = MSE(w) + λ₁ Σ|w| + λ₂ Σw², where λ₁ = λα and λ₂ = λ(1 − α): α = 1 for L1, α = 0 for L2.
 */
export type Weights = readonly [w1: number, w2: number];
export type Penalty = "none" | "l1" | "l2" | "elastic-net";
export type Rule = "plain" | "penalized" | "proximal" | "momentum";

export interface Setup {
  condition: number;
  /** Without a push from the data the MSE is 0 everywhere, and only the penalty moves a weight. */
  isFlat: boolean;
  penalty: Penalty;
  /** λ */
  strength: number;
  /** α, which counts for the Elastic Net only. */
  mix: number;
  /** lr */
  rate: number;
  /** β, which counts for the rule of this name only. */
  momentum: number;
}

/** Where the MSE is least: an L1 penalty of condition 4 makes w₁ exactly zero from λ = 0.52 on. */
export const BEST: Weights = [0.6, 1.6];

/** The weights shown go from −REACH to REACH. */
export const REACH = 3;

/** So far from zero a path has left for good, and is not followed. */
const FAR = 4 * REACH;

const [COS, SIN] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];

/** The second derivatives of the MSE. */
export function hessian({ condition, isFlat }: Setup): [h11: number, h12: number, h22: number] {
  if (isFlat) return [0, 0, 0];
  return [COS * COS + condition * SIN * SIN, (1 - condition) * SIN * COS, SIN * SIN + condition * COS * COS];
}

/** The greatest curvature h of the MSE. */
export const steepest = ({ condition, isFlat }: Setup): number => (isFlat ? 0 : Math.max(condition, 1));

/** λ₁ and λ₂. */
export function prices({ penalty, strength, mix }: Setup): [l1: number, l2: number] {
  if (penalty === "none") return [0, 0];
  const share = penalty === "l1" ? 1 : penalty === "l2" ? 0 : mix;
  return [strength * share, strength * (1 - share)];
}

export function mse(setup: Setup, [w1, w2]: Weights): number {
  const [h11, h12, h22] = hessian(setup);
  const [d1, d2] = [w1 - BEST[0], w2 - BEST[1]];
  return (h11 * d1 * d1 + 2 * h12 * d1 * d2 + h22 * d2 * d2) / 2;
}

export function gradient(setup: Setup, [w1, w2]: Weights): Weights {
  const [h11, h12, h22] = hessian(setup);
  const [d1, d2] = [w1 - BEST[0], w2 - BEST[1]];
  return [h11 * d1 + h12 * d2, h12 * d1 + h22 * d2];
}

/** The penalty with its price: λ₁ Σ|w| + λ₂ Σw². */
export function penalty(setup: Setup, [w1, w2]: Weights): number {
  const [l1, l2] = prices(setup);
  return l1 * (Math.abs(w1) + Math.abs(w2)) + l2 * (w1 * w1 + w2 * w2);
}

/** A slope of the priced penalty; at a corner of L1, where every slope of −λ₁ to λ₁ would do, it is 0. */
export function slope(setup: Setup, [w1, w2]: Weights): Weights {
  const [l1, l2] = prices(setup);
  return [l1 * Math.sign(w1) + 2 * l2 * w1, l1 * Math.sign(w2) + 2 * l2 * w2];
}

export const loss = (setup: Setup, w: Weights): number => mse(setup, w) + penalty(setup, w);

/** S(z, t) = sign(z) · max(|z| − t, 0), which is 0 itself wherever |z| is at most t. */
export const softThreshold = (z: number, t: number): number => (Math.abs(z) <= t ? 0 : z - Math.sign(z) * t);

interface Moving {
  w: Weights;
  /** What momentum remembers. */
  v: Weights;
}

const stepped = ([w1, w2]: Weights, [g1, g2]: Weights, rate: number): Weights => [
  w1 - rate * g1,
  w2 - rate * g2,
];

const plus = ([a1, a2]: Weights, [b1, b2]: Weights): Weights => [a1 + b1, a2 + b2];

const STEPS: Record<Rule, (setup: Setup, moving: Moving) => Moving> = {
  /** w ← w − lr · ∂MSE */
  plain: (setup, { w, v }) => ({ w: stepped(w, gradient(setup, w), setup.rate), v }),

  /** w ← w − lr · (∂MSE + ∂penalty) */
  penalized: (setup, { w, v }) => ({
    w: stepped(w, plus(gradient(setup, w), slope(setup, w)), setup.rate),
    v,
  }),

  /** w ← S(w − lr · ∂MSE, lr · λ₁) / (1 + 2 · lr · λ₂), the proximal step of the whole penalty. */
  proximal: (setup, { w, v }) => {
    const [l1, l2] = prices(setup);
    const [z1, z2] = stepped(w, gradient(setup, w), setup.rate);
    const [t, shrink] = [setup.rate * l1, 1 + 2 * setup.rate * l2];
    return { w: [softThreshold(z1, t) / shrink, softThreshold(z2, t) / shrink], v };
  },

  /** v ← β v + ∂MSE; w ← w − lr · v: the heavy ball, which knows nothing of the penalty. */
  momentum: (setup, { w, v }) => {
    const pushed = plus([setup.momentum * v[0], setup.momentum * v[1]], gradient(setup, w));
    return { w: stepped(w, pushed, setup.rate), v: pushed };
  },
};

/** One step of a rule; momentum starts at rest. */
export const step = (rule: Rule, setup: Setup, w: Weights): Weights => STEPS[rule](setup, { w, v: [0, 0] }).w;

export interface Path {
  /** The start and what each step made of it. */
  points: Weights[];
  /** The step that went too far away to be followed; the path ends there. */
  left: number | null;
}

export function descend(rule: Rule, setup: Setup, start: Weights, steps: number): Path {
  const points = [start];
  let moving: Moving = { w: start, v: [0, 0] };
  for (let taken = 1; taken <= steps; taken += 1) {
    moving = STEPS[rule](setup, moving);
    points.push(moving.w);
    if (Math.max(Math.abs(moving.w[0]), Math.abs(moving.w[1])) > FAR) return { points, left: taken };
  }
  return { points, left: null };
}

const STILL = 1e-3;

/** The first step from which on a path rests or only goes to and fro, if it comes to that. */
export function restOf({ points }: Path): number | null {
  const first = points.findIndex(
    (w, taken) => taken > 1 && (isNear(w, points[taken - 1]) || isNear(w, points[taken - 2])),
  );
  return first < 0 ? null : first;
}

const isNear = ([w1, w2]: Weights, other: Weights | undefined): boolean =>
  other !== undefined && Math.max(Math.abs(w1 - other[0]), Math.abs(w2 - other[1])) < STILL;

const SIGNS = [-1, 1] as const;

/**
 * Where the loss with its penalty is least; null where it is least nowhere in particular.
 *
 * Each pattern of signs and zeros has one candidate; the right one is where the slopes of the penalty can cancel the
 * pull of the data. A weight of the zeros of the pattern is 0 itself.
 */
export function minimizer(setup: Setup): Weights | null {
  const [l1, l2] = prices(setup);
  const [h11, h12, h22] = hessian(setup);
  const [a11, a22] = [h11 + 2 * l2, h22 + 2 * l2];
  const [b1, b2] = [h11 * BEST[0] + h12 * BEST[1], h12 * BEST[0] + h22 * BEST[1]];
  const determinant = a11 * a22 - h12 * h12;
  if (setup.isFlat) return l1 + l2 > 0 ? [0, 0] : null;
  if (l1 === 0 && l2 === 0) return BEST;
  if (Math.abs(b1) <= l1 && Math.abs(b2) <= l1) return [0, 0];
  for (const sign of SIGNS) {
    const [w1, w2] = [(b1 - sign * l1) / a11, (b2 - sign * l1) / a22];
    if (w1 * sign > 0 && Math.abs(h12 * w1 - b2) <= l1) return [w1, 0];
    if (w2 * sign > 0 && Math.abs(h12 * w2 - b1) <= l1) return [0, w2];
  }
  for (const s1 of SIGNS)
    for (const s2 of SIGNS) {
      const [c1, c2] = [b1 - s1 * l1, b2 - s2 * l1];
      const w: Weights = [(a22 * c1 - h12 * c2) / determinant, (a11 * c2 - h12 * c1) / determinant];
      if (l1 === 0 || (w[0] * s1 > 0 && w[1] * s2 > 0)) return w;
    }
  return [0, 0];
}

/**
 * What decides whether the steps of a rule settle, against what it must stay below: lr · h for the steps on the MSE,
 * lr · (h + 2λ₂) with the slope of the penalty.
 */
export function pace(rule: Rule, setup: Setup): { pace: number; limit: number } {
  const [, l2] = prices(setup);
  const h = steepest(setup);
  if (rule === "penalized") return { pace: setup.rate * (h + 2 * l2), limit: 2 };
  if (rule === "proximal") return { pace: setup.rate * h, limit: 2 + 2 * setup.rate * l2 };
  return { pace: setup.rate * h, limit: rule === "momentum" ? 2 * (1 + setup.momentum) : 2 };
}
