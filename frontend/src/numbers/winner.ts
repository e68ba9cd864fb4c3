/** The best validation score among candidates that are all equally good. */
import { normals, uniformsOf } from "./random";

export interface Contest {
  candidates: number;
  /** The standard deviation of a score. */
  noise: number;
  /** What each candidate is worth. */
  truth: number;
  seed: number;
  /** Whether the highest score is the best one (an accuracy) or the lowest (an error). */
  best: "highest" | "lowest";
}

export interface Draw {
  scores: number[];
  /** The place of the best score. */
  winner: number;
  /** The score of the winner on new data of the same size. */
  test: number;
  /** By how much the best score promises too much. */
  optimism: number;
}

/** The scores of one validation; each number draws anew. */
export function draw({ candidates, noise, truth, seed, best }: Contest, number: number): Draw {
  const luck = normals(uniformsOf(seed, number), candidates + 1);
  const [test = truth, ...scores] = luck.map((z) => truth + noise * z);
  const top = best === "highest" ? Math.max(...scores) : Math.min(...scores);
  const optimism = best === "highest" ? top - truth : truth - top;
  return { scores, winner: scores.indexOf(top), test, optimism };
}

/** How much too good the best score was on average over the first draws. */
export function averageOptimism(contest: Contest, draws: number): number {
  let sum = 0;
  for (let number = 0; number < draws; number += 1) sum += draw(contest, number).optimism;
  return sum / draws;
}

const REACH = 9;
const WIDTH = 0.01;

/** The standard normal density and its integral, at equal distances over the range that matters. */
const NORMAL = (() => {
  const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  const points: { x: number; density: number; below: number }[] = [];
  let below = 0;
  for (let index = 0; index <= (2 * REACH) / WIDTH; index += 1) {
    const x = index * WIDTH - REACH;
    points.push({ x, density: density(x), below });
    below += (WIDTH / 6) * (density(x) + 4 * density(x + WIDTH / 2) + density(x + WIDTH));
  }
  return points;
})();

/** The expected largest of `count` independent standard normal numbers: ∫ x · m φ(x) Φ(x)^(m − 1) dx. */
export function expectedMaximum(count: number): number {
  let sum = 0;
  for (const { x, density, below } of NORMAL) sum += x * count * density * below ** (count - 1);
  return sum * WIDTH;
}
