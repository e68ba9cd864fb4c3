import { describe, expect, it } from "vitest";
import {
  descend,
  gradient,
  loss,
  minimizer,
  mse,
  pace,
  penalty,
  type Rule,
  restOf,
  type Setup,
  softThreshold,
  step,
  type Weights,
} from "../../src/numbers/descent";
import cases from "./descent.json";

const SETUP: Setup = {
  condition: 4,
  isFlat: false,
  penalty: "l1",
  strength: 0.6,
  mix: 0.5,
  rate: 0.1,
  momentum: 0.9,
};
const START: Weights = [-1.6, 2.2];
const RULES: Rule[] = ["plain", "penalized", "proximal", "momentum"];

const near = (value: number, expected: number): void => {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(expected)));
};

describe("the numbers of numpy", () => {
  it.each(cases.map((one, index) => [index, one] as const))("are those of setting %i", (_, one) => {
    const setup = one.setting as unknown as Setup;
    const start = one.setting.start as unknown as Weights;
    near(mse(setup, start), one.expected.mse);
    near(penalty(setup, start), one.expected.penalty);
    near(loss(setup, start), one.expected.loss);
    gradient(setup, start).forEach((slope, index) => {
      near(slope, one.expected.gradient[index] ?? Number.NaN);
    });
    for (const rule of RULES) {
      const expected = one.expected.paths[rule];
      const { points } = descend(rule, setup, start, 25);
      expect(points.length).toBe(expected.length);
      points.flat().forEach((weight, index) => {
        near(weight, expected.flat()[index] ?? Number.NaN);
      });
    }
    const least = minimizer(setup);
    expect(least === null).toBe(one.expected.minimizer === null);
    least?.forEach((weight, index) => {
      near(weight, one.expected.minimizer?.[index] ?? Number.NaN);
    });
  });
});

describe("a weight that is exactly zero", () => {
  it("comes out of the soft threshold as zero itself", () => {
    expect(softThreshold(0.03, 0.05)).toBe(0);
    expect(softThreshold(-0.05, 0.05)).toBe(0);
    expect(softThreshold(-0.2, 0.05)).toBeCloseTo(-0.15, 12);
  });

  it("is where the proximal steps stay, and the subgradient steps do not", () => {
    expect(descend("proximal", SETUP, START, 60).points.at(-1)?.[0]).toBe(0);
    const around = descend("penalized", SETUP, START, 60).points.slice(-10);
    expect(around.every(([w1]) => w1 !== 0)).toBe(true);
    expect(new Set(around.map(([w1]) => Math.sign(w1))).size).toBe(2);
  });

  it("belongs to the minimum of L1 from 0.52 on, and never to that of L2", () => {
    expect(minimizer({ ...SETUP, strength: 0.5 })?.[0]).toBeGreaterThan(0);
    expect(minimizer({ ...SETUP, strength: 0.53 })?.[0]).toBe(0);
    expect(minimizer({ ...SETUP, penalty: "l2", strength: 5 })?.[0]).not.toBe(0);
  });
});

describe("the table of 2 · lr · λ, without a push from the data", () => {
  const flat = (pull: number): number[] => {
    const setup: Setup = { ...SETUP, isFlat: true, penalty: "l2", rate: 0.5, strength: pull };
    return descend("penalized", setup, [-1.6, 2.2], 8).points.map(([, w2]) => w2);
  };

  it("decays below 1 and never quite arrives", () => {
    const weights = flat(0.5);
    expect(
      weights.every((weight, index) => index === 0 || (weight > 0 && weight < (weights[index - 1] ?? 0))),
    ).toBe(true);
  });

  it("wipes out the weight at 1", () => {
    expect(
      flat(1)
        .slice(1)
        .every((weight) => weight === 0),
    ).toBe(true);
  });

  it("jumps across zero between 1 and 2, and dies down", () => {
    const weights = flat(1.5);
    expect(weights.map(Math.sign)).toEqual([1, -1, 1, -1, 1, -1, 1, -1, 1]);
    expect(Math.abs(weights[8] ?? 9)).toBeLessThan(0.01);
  });

  it("flips forever at 2", () => {
    expect(flat(2)).toEqual([2.2, -2.2, 2.2, -2.2, 2.2, -2.2, 2.2, -2.2, 2.2]);
  });

  it("flips and grows above 2, until the path has left", () => {
    const setup: Setup = { ...SETUP, isFlat: true, penalty: "l2", rate: 0.5, strength: 2.5 };
    const { points, left } = descend("penalized", setup, START, 200);
    expect(left).toBe(points.length - 1);
    expect(Math.abs(points.at(-1)?.[1] ?? 0)).toBeGreaterThan(12);
    expect(pace("penalized", setup)).toEqual({ pace: 2.5, limit: 2 });
  });
});

describe("a path", () => {
  it("converges just below its limit and leaves just above", () => {
    for (const rule of RULES)
      for (const [share, leaves] of [
        [0.9, false],
        [1.1, true],
      ] as const) {
        const setup: Setup = { ...SETUP, penalty: "l2", strength: 0.5, momentum: 0.5 };
        const rate = boundary(rule, setup) * share;
        expect(descend(rule, { ...setup, rate }, START, 400).left !== null).toBe(leaves);
      }
  });

  it("rests where its steps have become small or go to and fro, and else never", () => {
    const proximal = descend("proximal", SETUP, START, 200);
    const rest = restOf(proximal);
    expect(rest).toBeGreaterThan(10);
    expect(rest).toBeLessThan(100);
    const flipping: Setup = { ...SETUP, isFlat: true, penalty: "l2", rate: 0.5, strength: 2 };
    expect(restOf(descend("penalized", flipping, START, 200))).toBe(2);
    expect(restOf(descend("penalized", SETUP, START, 200))).toBeNull();
    expect(restOf(descend("plain", { ...SETUP, rate: 1 }, START, 200))).toBeNull();
  });

  it("takes a single step as its first", () => {
    for (const rule of RULES)
      expect(step(rule, SETUP, START)).toEqual(descend(rule, SETUP, START, 1).points[1]);
  });
});

/** The rate at which the pace of a rule equals its limit. */
function boundary(rule: Rule, setup: Setup): number {
  const excess = (rate: number) => {
    const { pace: reached, limit } = pace(rule, { ...setup, rate });
    return reached - limit;
  };
  let [low, high] = [0, 10];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}
