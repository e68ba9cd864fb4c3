import { describe, expect, it } from "vitest";
import { pathThrough } from "../../src/figures/Curve";
import { isoline, levels } from "../../src/figures/isolines";
import { extentOf, padded, scale, shortNumber, ticks } from "../../src/figures/scale";

describe("an axis", () => {
  it("reaches from the lowest to the highest value, whatever gaps there are", () => {
    expect(extentOf([3, null, -1, 2])).toEqual({ low: -1, high: 3 });
  });

  it("has some length even for one value, and for none", () => {
    expect(extentOf([2])).toEqual({ low: 1.5, high: 2.5 });
    expect(extentOf([null])).toEqual({ low: 0, high: 1 });
  });

  it.each([
    [{ low: -3, high: 3 }, [-2, 0, 2]],
    [{ low: 0, high: 1 }, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [{ low: 0, high: 0.00051 }, [0, 0.0002, 0.0004]],
  ])("has round ticks within %o", (extent, expected) => {
    expect(ticks(extent)).toEqual(expected);
  });

  it("turns values into places", () => {
    const place = scale({ low: -1, high: 1 }, 100, 0);
    expect([-1, 0, 1].map(place)).toEqual([100, 50, 0]);
  });

  it("leaves air around the curves", () => {
    expect(padded({ low: 0, high: 10 }, 0.1)).toEqual({ low: -1, high: 11 });
  });

  it("writes numbers short", () => {
    expect([0.25, -1200, 0, 0.00003, 1e6].map(shortNumber)).toEqual([
      "0.25",
      "−1200",
      "0",
      "3.0e−5",
      "1.0e+6",
    ]);
  });
});

describe("a curve", () => {
  it("starts anew after a gap", () => {
    expect(pathThrough([[0, 1], [1, 2], null, [3, 4]])).toBe("M0.0 1.0L1.0 2.0M3.0 4.0");
  });
});

describe("the lines of a surface", () => {
  const SIZE = 21;
  const middle = (SIZE - 1) / 2;
  const bowl = Array.from({ length: SIZE }, (_, row) =>
    Array.from({ length: SIZE }, (_, column) => (column - middle) ** 2 + (row - middle) ** 2),
  );

  it("run where the surface has their height", () => {
    const points = isoline(bowl, 36).flat();
    expect(points.length).toBeGreaterThan(40);
    for (const { x, y } of points) expect(Math.hypot(x - middle, y - middle)).toBeCloseTo(6, 1);
  });

  it("are not drawn where nothing has their height, nor across gaps", () => {
    expect(isoline(bowl, -1)).toEqual([]);
    const broken = bowl.map((row) => row.map(() => null));
    expect(isoline(broken, 36)).toEqual([]);
  });

  it("are at heights that rise, and fewer for a flat surface", () => {
    const found = levels(bowl, 8);
    expect(found).toHaveLength(8);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(
      levels(
        [
          [1, 1],
          [1, 1],
        ],
        8,
      ),
    ).toEqual([1]);
  });
});
