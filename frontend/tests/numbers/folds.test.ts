import { describe, expect, it } from "vitest";
import {
  cut,
  drawRows,
  drawStrangers,
  errorOfNewcomers,
  foldErrors,
  leaks,
  peopleIn,
  summary,
} from "../../src/numbers/folds";
import cases from "./folds.json";

describe.each(cases)("$rows rows in $folds folds, seed $seed", (given) => {
  const rows = drawRows(given.rows, given.seed);
  const foldOf = cut(rows, given);

  it("are cut as numpy cuts them", () => {
    expect(foldOf).toEqual(given.foldOf);
    expect(leaks(rows, foldOf).filter(Boolean)).toHaveLength(given.leaks);
  });

  it("have the errors of the nearest neighbor", () => {
    const errors = foldErrors(rows, foldOf, given.folds);
    for (const [fold, error] of given.errors.entries()) expect(errors[fold]).toBeCloseTo(error, 10);
    const { mean, deviation, standardError } = summary(errors);
    expect(mean).toBeCloseTo(given.mean, 10);
    expect(deviation).toBeCloseTo(given.deviation, 10);
    expect(standardError).toBeCloseTo(given.standardError, 10);
    expect(errorOfNewcomers(rows, given.seed)).toBeCloseTo(given.newcomers, 10);
  });
});

describe("folds", () => {
  const sizes = (foldOf: number[], folds: number) =>
    Array.from({ length: folds }, (_, fold) => foldOf.filter((its) => its === fold).length);

  it("differ in size by one at most without groups", () => {
    for (const folds of [2, 3, 7, 10])
      for (const shuffle of [true, false]) {
        const all = sizes(cut(drawRows(23, 4), { folds, shuffle, grouped: false, seed: 4 }), folds);
        expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
      }
  });

  it("tear no person apart with groups, and none is empty", () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const rows = drawRows(25, seed);
      const folds = Math.min(8, peopleIn(25));
      const foldOf = cut(rows, { folds, shuffle: true, grouped: true, seed });
      expect(leaks(rows, foldOf).some(Boolean)).toBe(false);
      expect(Math.min(...sizes(foldOf, folds))).toBeGreaterThan(0);
    }
  });

  it("promise too much where they tear people apart", () => {
    const means = [false, true].map((grouped) => {
      const all = Array.from({ length: 40 }, (_, seed) => {
        const rows = drawRows(24, seed);
        return summary(foldErrors(rows, cut(rows, { folds: 4, shuffle: true, grouped, seed }), 4)).mean;
      });
      return all.reduce((sum, value) => sum + value, 0) / all.length;
    });
    expect((means[1] ?? 0) / (means[0] ?? 1)).toBeGreaterThan(2);
  });
});

describe("rows of people of their own", () => {
  it("never leak, however they are cut", () => {
    const rows = drawStrangers(20, 3);
    const foldOf = cut(rows, { folds: 5, shuffle: true, grouped: false, seed: 3 });
    expect(rows).toHaveLength(20);
    expect(leaks(rows, foldOf)).not.toContain(true);
  });
});
