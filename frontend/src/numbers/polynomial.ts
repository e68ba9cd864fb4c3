/**
 * A polynomial fitted to noisy points with a ridge penalty, and its errors.
 *
 * The features are the Legendre polynomials P₁ … P_d on [-1, 1]; the loss is MSE + λ Σ w², the intercept is not charged.
 * The points: one at a random place in each of n equal cells of [-1, 1], at the height of the truth plus normal noise.
 */
import { dot, mean, moments, raised, solved, type Vector } from "./linear";
import { normals, uniforms } from "./random";

export interface Sample {
  x: number[];
  y: number[];
}

/** The curve that the points come from. */
export const truth = (x: number): number => Math.sin(1.2 * Math.PI * x) + 0.3 * x;

/** `count` points, first all places and then all noise from the stream of the seed. */
export function sampleOf(count: number, noise: number, seed: number): Sample {
  const next = uniforms(seed);
  const x = Array.from({ length: count }, (_, cell) => (2 * (cell + next())) / count - 1);
  const errors = normals(next, count);
  return { x, y: x.map((place, at) => truth(place) + noise * (errors[at] ?? 0)) };
}

export type Fit = (x: number) => number;

/** P₁ … P_d at x, by Bonnet's recursion. */
export function legendre(degree: number, x: number): number[] {
  const values = [1, x];
  for (let n = 1; n < degree; n += 1)
    values.push(((2 * n + 1) * x * (values[n] ?? 0) - n * (values[n - 1] ?? 0)) / (n + 1));
  return values.slice(1, degree + 1);
}

/** The fits of a sample at any λ. */
export function fits({ x, y }: Sample, degree: number): (strength: number) => Fit {
  const rows = x.map((place) => legendre(degree, place));
  const centers = (rows[0] ?? []).map((_, column) => mean(rows.map((row) => row[column] ?? 0)));
  const center = mean(y);
  const centered = rows.map((row) => row.map((value, column) => value - (centers[column] ?? 0)));
  const { gram, pull } = moments(
    centered,
    y.map((height) => height - center),
  );
  return (strength) => {
    const weights = solved(raised(gram, strength), pull);
    const intercept = center - dot(centers, weights);
    return (place) => intercept + dot(weights, legendre(degree, place));
  };
}

export const trainingError = ({ x, y }: Sample, fit: Fit): number =>
  mean(x.map((place, at) => (fit(place) - (y[at] ?? 0)) ** 2));

/** Where the fit is compared with the truth. */
export const PLACES: Vector = Array.from({ length: 201 }, (_, index) => index / 100 - 1);

/** The expected squared error on new noisy points: the mean squared distance from the truth, plus the noise. */
export const testError = (fit: Fit, noise: number): number =>
  mean(PLACES.map((place) => (fit(place) - truth(place)) ** 2)) + noise ** 2;

export type Balance = "overfit" | "balanced" | "underfit";

/** More than this above the smallest test error is no longer balanced. */
const SLACK = 0.1;

/** Where a λ stands relative to the λ with the smallest test error on the way. */
export function balance(strength: number, error: number, best: { strength: number; error: number }): Balance {
  if (error <= best.error * (1 + SLACK)) return "balanced";
  return strength < best.strength ? "overfit" : "underfit";
}
