import { describe, expect, it } from "vitest";
import { choose } from "../../src/numbers/validation";

const STRENGTHS = [0.0001, 0.001, 0.01, 0.1, 1, 10];

describe("choosing a strength", () => {
  it("takes the minimum, and the largest strength within one standard error", () => {
    const chosen = choose({
      strengths: STRENGTHS,
      validation: [0.92, 0.86, 0.71, 0.64, 0.68, 1.52],
      errors: [0.07, 0.06, 0.05, 0.05, 0.05, 0.08],
    });
    expect(chosen).toEqual({ minimum: 3, bar: 0.69, simplest: 4 });
  });

  it("takes the larger of equally good strengths, whatever their order", () => {
    const chosen = choose({ strengths: [10, 1, 0.1], validation: [0.5, 0.5, 0.6], errors: [0.01, 0.2, 0.1] });
    expect(chosen).toEqual({ minimum: 0, bar: 0.51, simplest: 0 });
  });

  it("counts a loss at the bar as under it, in decimals", () => {
    const chosen = choose({ strengths: [1, 2], validation: [0.1, 0.3], errors: [0.2, 0.2] });
    expect(chosen).toEqual({ minimum: 0, bar: 0.3, simplest: 1 });
  });
});
