import { describe, expect, it } from "vitest";
import { averageOptimism, type Contest, draw, expectedMaximum } from "../../src/numbers/winner";
import cases from "./winner.json";

describe.each(cases)("the best of $candidates, seed $seed", (given) => {
  const contest = { ...given, best: given.best as Contest["best"] };

  it("is who numpy says", () => {
    const { scores, winner, test } = draw(contest, given.draws - 1);
    expect(scores).toHaveLength(given.candidates);
    expect(winner).toBe(given.winner);
    expect(scores[winner]).toBeCloseTo(given.top, 11);
    expect(test).toBeCloseTo(given.test, 11);
  });

  it("is too good by the average of its draws", () => {
    expect(averageOptimism(contest, given.draws)).toBeCloseTo(given.average, 11);
  });

  it("is expected where scipy's integral lies", () => {
    expect(expectedMaximum(given.candidates)).toBeCloseTo(given.expectedMaximum, 9);
  });
});

it("many draws come near to what is expected", () => {
  const contest = { candidates: 20, noise: 1, truth: 0, seed: 5, best: "highest" } as const;
  // The standard deviation of the largest of twenty is 0.525.
  expect(Math.abs(averageOptimism(contest, 2000) - expectedMaximum(20))).toBeLessThan(0.05);
});
