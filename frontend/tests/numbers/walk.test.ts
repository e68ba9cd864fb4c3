import { describe, expect, it } from "vitest";
import { type Curve, courseOf, endOf, FAR, parabola, root, twoValleys, walk } from "../../src/numbers/walk";
import expected from "./walk.json";

const near = (value: number | undefined, target: number) =>
  Math.abs((value ?? Number.NaN) - target) <= 1e-9 * Math.max(1, Math.abs(target));

const curveOf = (loss: string, curvature: number): Curve =>
  loss === "parabola" ? parabola(curvature) : twoValleys();

describe.each(expected.walks)("a walk on $loss from $start at rate $rate", (given) => {
  it("takes the steps of the closed form", () => {
    const path = walk(curveOf(given.loss, given.curvature), given.rate, given.start, given.steps);
    expect(path).toHaveLength(given.path.length);
    for (const [step, w] of given.path.entries()) expect(path[step]?.w).toSatisfy((value) => near(value, w));
  });
});

describe("the loss with two valleys", () => {
  const curve = twoValleys();
  const [left, right] = expected.stationary.valleys;

  it("has its valleys and its hill at the roots of the slope", () => {
    for (const [index, valley] of [left, right].entries()) {
      expect(curve.valleys[index]?.w).toBeCloseTo(valley?.w ?? Number.NaN, 12);
      expect(curve.valleys[index]?.loss).toBeCloseTo(valley?.loss ?? Number.NaN, 12);
      expect(curve.valleys[index]?.curvature).toBeCloseTo(valley?.curvature ?? Number.NaN, 11);
    }
    expect(curve.hill).toBeCloseTo(expected.stationary.hill, 12);
  });

  it("keeps a slow walk on its side of the hill", () => {
    for (const start of [-3, -2, -1, -0.5]) expect(endOf(curve, 0.03, start)).toBe(0);
    for (const start of [0.1, 1, 2, 3]) expect(endOf(curve, 0.03, start)).toBe(1);
  });

  it("lets a large rate jump, tremble or diverge", () => {
    expect(endOf(curve, 0.28, -2.8)).toBe(1);
    expect(endOf(curve, 0.5, -2)).toBe("nowhere");
    expect(endOf(curve, 2, -3)).toBe("far");
  });
});

describe("the course of a walk", () => {
  it("changes at a product of one and of two", () => {
    expect([0.3, 1, 1.6, 2, 2.4].map((rate) => courseOf(rate, 1))).toEqual([
      "creeps",
      "arrives",
      "jumps",
      "swings",
      "diverges",
    ]);
    expect(courseOf(1 / 3, 3)).toBe("arrives");
    expect(courseOf(2 / 7.3, 7.3)).toBe("swings");
  });

  it("ends far out with finite numbers", () => {
    const path = walk(twoValleys(), 3, -3, 50);
    expect(Math.abs(path.at(-1)?.w ?? 0)).toBeGreaterThan(FAR);
    for (const { w, slope, loss } of path) expect([w, slope, loss].every(Number.isFinite)).toBe(true);
  });
});

it("a root is found to the last bit", () => {
  expect(root((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
});
