/**
 * Gradient descent with and without momentum on a bowl over two weights.
 *
 * The loss is ½ · (u² + κ · v²): curvature 1 along the valley (u), κ across it (v). Heavy-ball momentum (Polyak 1964) is
 * v ← β v + ∇L(w), w ← w − rate · v. In the directions of the valley each coordinate is a walk of its own.
 */
import type { Point } from "../components/geometry";

/** The bowl has its floor at this angle to the first weight's axis, in radians. */
export const TILT = Math.PI / 9;

/** A walk ends when a coordinate is farther out than this. */
export const FAR = 1e9;

/** From the weights to the directions of the valley: x along it, y across. */
export const along = ({ x, y }: Point): Point => ({
  x: Math.cos(TILT) * x + Math.sin(TILT) * y,
  y: -Math.sin(TILT) * x + Math.cos(TILT) * y,
});

/** From the directions of the valley back to the weights. */
export const back = ({ x, y }: Point): Point => ({
  x: Math.cos(TILT) * x - Math.sin(TILT) * y,
  y: Math.sin(TILT) * x + Math.cos(TILT) * y,
});

/** The loss at two weights. */
export function lossAt(condition: number, weights: Point): number {
  const { x, y } = along(weights);
  return 0.5 * (x * x + condition * y * y);
}

export interface Descent {
  condition: number;
  rate: number;
  /** 0 is plain gradient descent. */
  momentum: number;
  start: Point;
  steps: number;
}

/** The start and the weights after each step; a walk that goes too far ends with its first point out there. */
export function descend({ condition, rate, momentum, start, steps }: Descent): Point[] {
  const path = [start];
  let [place, velocity] = [along(start), { x: 0, y: 0 }];
  while (path.length <= steps && Math.abs(place.x) < FAR && Math.abs(place.y) < FAR) {
    velocity = { x: momentum * velocity.x + place.x, y: momentum * velocity.y + condition * place.y };
    place = { x: place.x - rate * velocity.x, y: place.y - rate * velocity.y };
    path.push(back(place));
  }
  return path;
}

/** The loss after each step as a share of the loss at the start, which is one unit from the lowest point both ways. */
export function lossHistory(condition: number, rate: number, momentum: number, steps: number): number[] {
  const start = back({ x: 1, y: 1 });
  const first = lossAt(condition, start);
  return descend({ condition, rate, momentum, start, steps }).map((at) => lossAt(condition, at) / first);
}

/**
 * What each step, in the long run, multiplies the distance in a direction of this curvature by.
 *
 * It is the larger root, in size, of z² − (1 + β − rate · h) z + β; without momentum it is |1 − rate · h|.
 */
export function factor(curvature: number, rate: number, momentum: number): number {
  const half = (1 + momentum - rate * curvature) / 2;
  const square = half * half - momentum;
  return square < 0 ? Math.sqrt(momentum) : Math.abs(half) + Math.sqrt(square);
}

/** The factor of the slowest direction: below 1 the walk arrives, above 1 it diverges. */
export const slowest = (condition: number, rate: number, momentum: number): number =>
  Math.max(factor(1, rate, momentum), factor(condition, rate, momentum));

/** The learning rate from which on steps diverge. */
export const rateLimit = (condition: number, momentum: number): number => (2 * (1 + momentum)) / condition;

/** The best fixed learning rate without momentum. */
export const bestRate = (condition: number): number => 2 / (1 + condition);

/** The learning rate and the momentum with which the slowest direction gets the smallest factor: (√κ − 1)/(√κ + 1). */
export function bestPair(condition: number): { rate: number; momentum: number } {
  const root = Math.sqrt(condition);
  return { rate: 4 / (1 + root) ** 2, momentum: ((root - 1) / (root + 1)) ** 2 };
}
