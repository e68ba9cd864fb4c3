import { describe, expect, it } from "vitest";
import { balance, fits, sampleOf, testError, trainingError } from "../../src/numbers/polynomial";
import cases from "./polynomial.json";

const LOOKS = [-1, -0.37, 0, 0.5, 1];

const near = (value: number, wanted: number) =>
  expect(Math.abs(value - wanted)).toBeLessThan(1e-6 * Math.abs(wanted) + 1e-8);

describe.each(cases)("the flexible fit of setting %#", ({ setting, expected }) => {
  const sample = sampleOf(setting.points, setting.noise, setting.seed);
  const fit = fits(sample, setting.degree)(setting.strength);

  it("has the points of its seed", () => {
    for (const [at, x] of sample.x.entries()) near(x, expected.x[at] ?? Number.NaN);
    for (const [at, y] of sample.y.entries()) near(y, expected.y[at] ?? Number.NaN);
  });

  it("has the curve and the errors of least squares", () => {
    for (const [at, place] of LOOKS.entries()) near(fit(place), expected.fit[at] ?? Number.NaN);
    near(trainingError(sample, fit), expected.training);
    near(testError(fit, setting.noise), expected.test);
  });
});

describe("the balance of a fit", () => {
  const best = { strength: 0.01, error: 0.1 };

  it.each([
    [0.0001, 0.2, "overfit"],
    [0.005, 0.109, "balanced"],
    [0.02, 0.1, "balanced"],
    [1, 0.3, "underfit"],
  ] as const)("at λ = %f with error %f is %s", (strength, error, expected) => {
    expect(balance(strength, error, best)).toBe(expected);
  });
});
