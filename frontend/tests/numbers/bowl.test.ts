import { describe, expect, it } from "vitest";
import {
  bowlLevels,
  directions,
  firstBelow,
  levelLines,
  type Place,
  projected,
  rings,
  roundAbove,
  type Surface,
  withinStage,
} from "../../src/numbers/bowl";
import { BEST, loss, minimizer, mse, REACH, type Setup } from "../../src/numbers/descent";

const SETUP: Setup = {
  condition: 4,
  isFlat: false,
  penalty: "l1",
  strength: 0.6,
  mix: 0.5,
  rate: 0.1,
  momentum: 0,
};
const BOWL: Surface = { height: (w) => mse(SETUP, w), low: BEST };
const PRICED: Surface = { height: (w) => loss(SETUP, w), low: minimizer(SETUP) ?? BEST };
const PLANE: Surface = { height: () => 0, low: [0, 0] };
const TOP = 8;

const isOnStage = ([w1, w2, height]: Place): boolean =>
  Math.max(Math.abs(w1), Math.abs(w2)) <= REACH + 1e-9 && height >= 0 && height <= TOP + 1e-6;

describe("a surface in rings", () => {
  it.each([
    ["the MSE", BOWL],
    ["the loss", PRICED],
  ])("keeps %s on the stage and on its function", (_, surface) => {
    const sampled = rings(surface, TOP, 20, directions(surface.low, 48)).flat();
    expect(sampled.length).toBe(21 * 52);
    expect(sampled.every(isOnStage)).toBe(true);
    for (const [w1, w2, height] of sampled) expect(height).toBeCloseTo(surface.height([w1, w2]), 9);
  });

  it("ends at the edge of the stage or at its top", () => {
    for (const [w1, w2, height] of rings(BOWL, TOP, 4, directions(BEST, 48))[4] ?? []) {
      const isAtEdge = Math.abs(Math.max(Math.abs(w1), Math.abs(w2)) - REACH) < 1e-9;
      expect(isAtEdge || Math.abs(height - TOP) < 1e-6).toBe(true);
    }
  });

  it("covers the whole stage, corners included, where nothing rises", () => {
    const edge = rings(PLANE, TOP, 4, directions([0, 0], 16))[4] ?? [];
    const corners = edge.filter(([w1, w2]) => Math.abs(w1) + Math.abs(w2) > 2 * REACH - 1e-9);
    expect(corners.length).toBeGreaterThanOrEqual(4);
  });
});

describe("lines of a level", () => {
  it("are closed on the stage and lie at their level", () => {
    const [line, ...others] = levelLines(BOWL, 0.5, directions(BEST, 64));
    expect(others).toEqual([]);
    expect(line?.[0]).toEqual(line?.at(-1));
    for (const [, , height] of line ?? []) expect(height).toBeCloseTo(0.5, 9);
  });

  it("fall into pieces where the edge of the stage cuts them", () => {
    const lines = levelLines(BOWL, 7, directions(BEST, 64));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.flat().every(isOnStage)).toBe(true);
    expect(lines.every((line) => line.length > 1)).toBe(true);
  });

  it("are none where the surface has no such level", () => {
    expect(levelLines(PLANE, 1, directions([0, 0], 16))).toEqual([]);
  });

  it("keep about equal distances on a bowl", () => {
    const roots = bowlLevels(9, 8).map(Math.sqrt);
    roots.forEach((root, index) => {
      expect(root).toBeCloseTo((3 * (index + 1)) / 9, 12);
    });
  });
});

describe("the stage", () => {
  it("cuts a segment where it leaves", () => {
    expect(withinStage([0, 0, 1], [6, 0, 1], TOP)).toEqual([
      [0, 0, 1],
      [3, 0, 1],
    ]);
    expect(withinStage([0, 0, 4], [0, 0, 16], TOP)?.[1]).toEqual([0, 0, 8]);
    expect(withinStage([4, 0, 1], [5, 0, 1], TOP)).toBeNull();
    expect(withinStage([0, 4, 1], [0, 4, 1], TOP)).toBeNull();
  });

  it("has a round top that is not below what it must hold", () => {
    expect([0.2, 1, 1.01, 7.3, 9, 61, 100, 1001].map(roundAbove)).toEqual([1, 1, 1.5, 8, 10, 80, 100, 1500]);
  });

  it("is seen from above with w₁ to the right and w₂ upward", () => {
    const { x, y } = projected([1, 2, 5], 0, Math.PI / 2);
    expect(x).toBeCloseTo(1, 12);
    expect(y).toBeCloseTo(2, 12);
  });
});

describe("a ray", () => {
  it("meets the surface that it falls onto", () => {
    const w = firstBelow(BOWL, [0, -8, 9], [0.02, 0.75, -0.65], 20);
    expect(w).not.toBeNull();
    const way = ((w?.[1] ?? 0) + 8) / 0.75;
    expect(mse(SETUP, w ?? [0, 0])).toBeCloseTo(9 - 0.65 * way, 6);
  });

  it("meets nothing when it passes by", () => {
    expect(firstBelow(BOWL, [0, -8, 9], [0, 0.75, 0.65], 20)).toBeNull();
  });
});
