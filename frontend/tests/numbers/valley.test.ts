import { describe, expect, it } from "vitest";
import {
  bestPair,
  bestRate,
  descend,
  factor,
  lossAt,
  lossHistory,
  rateLimit,
  slowest,
} from "../../src/numbers/valley";
import cases from "./valley.json";

const isNear = (value: number | undefined, target: number, size: number) =>
  Math.abs((value ?? Number.NaN) - target) <= 1e-9 * Math.max(size, 1e-3);

describe.each(cases)("a descent at rate $rate with momentum $momentum", (given) => {
  const start = { x: given.start[0] ?? Number.NaN, y: given.start[1] ?? Number.NaN };

  it("comes where the power of its matrix leads", () => {
    const at = descend({ ...given, start }).at(-1);
    const size = Math.max(...given.weights.map(Math.abs));
    expect(isNear(at?.x, given.weights[0] ?? Number.NaN, size)).toBe(true);
    expect(isNear(at?.y, given.weights[1] ?? Number.NaN, size)).toBe(true);
    expect(isNear(at && lossAt(given.condition, at), given.loss, given.loss)).toBe(true);
  });

  it("leaves the share of the loss that the matrix leaves", () => {
    const share = lossHistory(given.condition, given.rate, given.momentum, given.steps).at(-1);
    expect(isNear(share, given.share, given.share)).toBe(true);
  });

  it("has the spectral radius of its matrix for a factor", () => {
    // Where two roots fall together they are known to half the digits only.
    expect(slowest(given.condition, given.rate, given.momentum)).toBeCloseTo(given.slowest, 6);
  });
});

describe.each([1, 4, 20, 100])("a bowl with condition number %d", (condition) => {
  it("is fastest at the best rate", () => {
    const best = slowest(condition, bestRate(condition), 0);
    expect(best).toBeCloseTo((condition - 1) / (condition + 1), 12);
    for (const off of [0.98, 1.02])
      expect(slowest(condition, off * bestRate(condition), 0)).toBeGreaterThan(best);
  });

  it("is as fast with momentum as its root without", () => {
    const { rate, momentum } = bestPair(condition);
    const root = Math.sqrt(condition);
    expect(slowest(condition, rate, momentum)).toBeCloseTo((root - 1) / (root + 1), 6);
  });

  it("swings forever at the limit of the rate", () => {
    for (const momentum of [0, 0.5, 0.9])
      expect(factor(condition, rateLimit(condition, momentum), momentum)).toBeCloseTo(1, 12);
  });
});

it("a diverging descent ends with finite numbers", () => {
  const path = descend({ condition: 100, rate: 1, momentum: 0.99, start: { x: -3, y: 3 }, steps: 200 });
  expect(path.length).toBeLessThan(20);
  expect(path.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
});
