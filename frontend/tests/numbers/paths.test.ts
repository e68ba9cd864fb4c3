import { describe, expect, it } from "vitest";
import { HOUSES } from "../../src/numbers/houses";
import { lasso, lassoPath, problemOf, ridge, slopes } from "../../src/numbers/paths";
import cases from "./paths.json";

it("shows the houses that the numbers are about", () => {
  expect(HOUSES).toEqual(cases[0]?.table);
});

describe.each(cases)("the weights of table %#", ({ table, strengths, ...expected }) => {
  const problem = problemOf(table);
  const knots = lassoPath(problem);

  it("are those of least squares with a ridge", () => {
    for (const [at, strength] of strengths.entries())
      for (const [feature, weight] of ridge(problem, strength).entries())
        expect(weight).toBeCloseTo(expected.ridge[at]?.[feature] ?? Number.NaN, 9);
  });

  it("are those of the lasso, with the same exact zeros", () => {
    for (const [at, strength] of strengths.entries())
      for (const [feature, weight] of lasso(knots, strength).entries()) {
        const wanted = expected.lasso[at]?.[feature] ?? Number.NaN;
        expect(weight).toBeCloseTo(wanted, 9);
        expect(weight === 0).toBe(wanted === 0);
      }
  });

  it("satisfy the lasso's condition at every knot of the path", () => {
    for (const { strength, weights } of knots)
      for (const [feature, slope] of slopes(problem, weights).entries()) {
        const weight = weights[feature] ?? 0;
        if (weight === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(strength + 1e-9);
        else expect(slope).toBeCloseTo(-strength * Math.sign(weight), 9);
      }
  });
});

describe("the lasso on the houses", () => {
  const knots = lassoPath(problemOf(HOUSES));

  it("has no weights above its largest knot", () => {
    const all = knots[0]?.strength ?? 0;
    expect(lasso(knots, all)).toEqual([0, 0, 0, 0, 0]);
    expect(lasso(knots, 100)).toEqual([0, 0, 0, 0, 0]);
    expect(lasso(knots, all * 0.99)[0]).toBeGreaterThan(0);
  });

  it("keeps one of two correlated features where ridge gives both a similar weight", () => {
    const [area = 0, rooms = 0] = ridge(problemOf(HOUSES), 0.3);
    expect(rooms / area).toBeGreaterThan(0.75);
    expect(lasso(knots, 0.3).slice(0, 2)).toEqual([expect.closeTo(0.659, 3), 0]);
  });
});
