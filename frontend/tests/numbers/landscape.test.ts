import { describe, expect, it } from "vitest";
import { penalty, type Rule, type Setup, type Weights } from "../../src/numbers/descent";
import { endOf, landscape, MOST_STEPS, nextStop, regionOf } from "../../src/numbers/landscape";

const SETUP: Setup = {
  condition: 4,
  isFlat: false,
  penalty: "l1",
  strength: 0.6,
  mix: 0.5,
  rate: 0.1,
  momentum: 0,
};
const START: Weights = [-1.6, 2.2];
const RULES: Rule[] = ["plain", "penalized", "proximal"];
const shown = (part: Partial<Setup> = {}, rules = RULES) =>
  landscape({ ...SETUP, ...part }, "loss", START, rules);

describe("the region of a penalty", () => {
  it.each(["l1", "l2", "elastic-net"] as const)("has the same price all along its edge for %s", (kind) => {
    const setup = { ...SETUP, penalty: kind };
    for (const w of regionOf(setup, 0.7) ?? []) expect(penalty(setup, w)).toBeCloseTo(0.7, 9);
  });

  it("has the corners of the diamond on the axes", () => {
    const corners = (regionOf(SETUP, 0.6) ?? []).filter(([w1, w2]) => Math.abs(w1 * w2) < 1e-9);
    expect(corners.length).toBe(4);
  });

  it("goes through the penalized minimum, and is none where that is the origin", () => {
    const { pricedBest, region } = shown();
    expect(pricedBest?.[0]).toBe(0);
    expect(region?.some(([w1, w2]) => Math.hypot(w1, w2 - (pricedBest?.[1] ?? 0)) < 1e-9)).toBe(true);
    expect(shown({ strength: 10 }).region).toBeNull();
  });
});

describe("the stage", () => {
  it("ends above the start, at a round height", () => {
    const { top, ground } = shown();
    expect(ground.height(START)).toBeLessThan(top);
    expect([10, 15]).toContain(top);
  });

  it("knows no penalty where there is none", () => {
    const { priced, region, pricedBest } = shown({ penalty: "none" });
    expect([priced, region, pricedBest]).toEqual([null, null, null]);
  });

  it("has no best weights without a push from the data, and zeros with the penalty", () => {
    const { data, best, pricedBest } = shown({ isFlat: true, penalty: "l2" });
    expect([data, best, pricedBest]).toEqual([null, null, [0, 0]]);
  });
});

describe("playing", () => {
  it("ends soon after all that come to rest have done so", () => {
    const end = endOf(shown().trails);
    expect(end).toBeGreaterThan(24);
    expect(end).toBeLessThan(MOST_STEPS);
  });

  it("shows some steps of a weight that flips forever", () => {
    expect(endOf(shown({ isFlat: true, penalty: "l2", rate: 0.5, strength: 2 }, ["penalized"]).trails)).toBe(
      24,
    );
  });

  it("stops where a path leaves, then at the end", () => {
    const { trails } = shown({ penalty: "l2", rate: 0.28, strength: 2.5 });
    const left = trails.find(({ rule }) => rule === "penalized")?.path.left ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(nextStop(trails, 0)).toBe(left);
    expect(nextStop(trails, left)).toBe(endOf(trails));
    expect(nextStop(trails, endOf(trails))).toBe(MOST_STEPS);
  });

  it("goes through every step where nothing rests", () => {
    expect(endOf(shown({ rate: 0.001 }, ["plain"]).trails)).toBe(MOST_STEPS);
  });
});
