import { describe, expect, it } from "vitest";
import { accuracies, averaging, repetitionsOf, stopsUpTo } from "../../src/numbers/leakage";
import cases from "./leakage.json";

describe.each(cases)("$kept of $features features, $rows rows, seed $seed", (given) => {
  it("give the accuracies that numpy counts", () => {
    const rounds = averaging(given);
    const found = Array.from({ length: given.dataSets }, () => rounds.next().value).at(-1) ?? [];
    expect(found).toHaveLength(given.accuracies.length);
    for (const [index, expected] of given.accuracies.entries()) {
      expect(found[index]?.features).toBe(expected.features);
      expect(found[index]?.before).toBeCloseTo(expected.before, 12);
      expect(found[index]?.inside).toBeCloseTo(expected.inside, 12);
    }
  });
});

describe("features chosen from noise", () => {
  const found = accuracies({ rows: 40, features: 500, kept: 10, seed: 11 });

  it("look good before the folds, the better the more there are", () => {
    expect(found.at(-1)?.before).toBeGreaterThan(0.8);
    expect(found.at(-1)?.before).toBeGreaterThan(found[2]?.before ?? 1);
  });

  it("are worth a coin inside the folds", () => {
    for (const { inside } of found) expect(Math.abs(inside - 0.5)).toBeLessThan(0.06);
  });

  it("are averaged over fewer data sets the larger these are", () => {
    expect(repetitionsOf({ rows: 20, features: 10, kept: 1, seed: 0 })).toBe(40);
    expect(repetitionsOf({ rows: 100, features: 2000, kept: 1, seed: 0 })).toBe(6);
    expect(stopsUpTo(10)).toEqual([10]);
  });
});
