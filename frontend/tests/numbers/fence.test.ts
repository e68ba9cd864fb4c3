import { describe, expect, it } from "vitest";
import { type Loss, lossAt } from "../../src/components/geometry";
import {
  budgetOf,
  charge,
  charged,
  constrained,
  fence,
  gradient,
  type Penalty,
  planeLoss,
  solutionPath,
} from "../../src/numbers/fence";
import cases from "./fence.json";

const lossOf = (setting: { minimum: number[]; correlation: number }): Loss =>
  planeLoss({ x: setting.minimum[0] ?? 0, y: setting.minimum[1] ?? 0 }, setting.correlation);

describe.each(cases)("the constrained minimum of setting %#", ({ setting, expected }) => {
  const penalty = setting.penalty as Penalty;
  const found = constrained(lossOf(setting), penalty, setting.budget);

  it("has the weights that a look along the fence finds", () => {
    expect(found.weights.x).toBeCloseTo(expected.weights[0] ?? 0, 6);
    expect(found.weights.y).toBeCloseTo(expected.weights[1] ?? 0, 6);
  });

  it("has a zero weight exactly where a corner is best", () => {
    expect(found.place).toBe(expected.place);
    expect([found.weights.x, found.weights.y].map((weight) => weight === 0)).toEqual(
      expected.weights.map((weight) => weight === 0),
    );
  });

  it("has the strength that a little more budget would save", () => {
    expect(Math.abs(found.multiplier - expected.multiplier)).toBeLessThan(2e-3 * expected.multiplier + 1e-5);
  });

  it("spends the budget to the last bit but a few", () => {
    const [spent, cap] = [charged(penalty, found.weights), charge(penalty, setting.budget)];
    if (found.place === "inside") expect(spent).toBeLessThanOrEqual(cap);
    else expect(spent).toBeCloseTo(cap, 10);
  });

  it("satisfies the condition of Karush, Kuhn and Tucker along each nonzero weight", () => {
    const slope = gradient(lossOf(setting), found.weights);
    for (const axis of ["x", "y"] as const) {
      const weight = found.weights[axis];
      if (weight === 0) continue;
      const little = 1e-6 * Math.abs(weight);
      const steepness =
        (charge(penalty, Math.abs(weight) + little) - charge(penalty, Math.abs(weight) - little)) /
        (2 * little);
      expect(slope[axis] + Math.sign(weight) * found.multiplier * steepness).toBeCloseTo(0, 5);
    }
  });
});

describe("a weight that is exactly zero", () => {
  const loss = planeLoss({ x: 1.3, y: 1.9 }, -0.28);

  it("is there for L1 until the fence has grown too wide", () => {
    expect(constrained(loss, { kind: "l1" }, 1).weights).toEqual({ x: 0, y: 1 });
    expect(constrained(loss, { kind: "l1" }, 1.1).weights.x).toBeGreaterThan(0.05);
  });

  it.each([1.0001, 1.02, 1.06, 1.1, 1.5, 3])("is not there for L_p with p = %f", (p) => {
    const { weights, place } = constrained(loss, { kind: "lp", p }, 1);
    expect(place).toBe("edge");
    expect(weights.x).toBeGreaterThan(0);
  });

  it("is there for L2 only if the loss has no slope along it", () => {
    expect(constrained(planeLoss({ x: 0, y: 2 }, 0), { kind: "l2" }, 1).weights).toEqual({ x: 0, y: 1 });
    expect(constrained(planeLoss({ x: 1e-9, y: 2 }, 0), { kind: "l2" }, 1).weights.x).toBeGreaterThan(0);
  });

  it("survives in the elastic net while the kink can hold it", () => {
    const net = (mix: number) => constrained(loss, { kind: "elastic-net", mix }, 0.4).weights.x;
    expect([net(1), net(0.35)]).toEqual([0, 0]);
    expect(net(0.33)).toBeGreaterThan(0);
  });
});

const PENALTIES: Penalty[] = [
  { kind: "l1" },
  { kind: "l2" },
  { kind: "elastic-net", mix: 0.4 },
  { kind: "lp", p: 0.7 },
  { kind: "lp", p: 3 },
];

describe.each(PENALTIES)("the fence of %o", (penalty) => {
  it("charges the same everywhere, and that is the budget's charge", () => {
    for (const point of fence(penalty, 1.3))
      expect(charged(penalty, point)).toBeCloseTo(charge(penalty, 1.3), 10);
  });

  it("is found again from any of its points", () => {
    for (const point of fence(penalty, 1.3)) expect(budgetOf(penalty, point)).toBeCloseTo(1.3, 10);
  });

  it("leads the best weights from the origin to the minimum, at an ever smaller loss", () => {
    const loss = planeLoss({ x: -1.2, y: 0.8 }, 0.5);
    const path = solutionPath(loss, penalty, 20);
    expect([path[0], path.at(-1)]).toEqual([{ x: 0, y: 0 }, loss.center]);
    const heights = path.map((point) => lossAt(loss, point));
    for (const [index, height] of heights.entries())
      expect(height).toBeLessThanOrEqual((heights[index - 1] ?? Number.POSITIVE_INFINITY) + 1e-12);
  });
});
