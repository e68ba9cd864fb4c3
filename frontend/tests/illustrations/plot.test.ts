import { describe, expect, it } from "vitest";
import { decimals, marks, plainNumber, plotOf, spread } from "../../src/illustrations/parts/plot";

const MARGIN = { left: 40, right: 10, top: 10, bottom: 30 };

describe("a chart", () => {
  const plot = plotOf({ low: 0.001, high: 10, logarithmic: true }, { low: -1, high: 1 }, 450, 240, MARGIN);

  it("lays decades at equal distances", () => {
    expect([0.001, 0.01, 0.1, 1, 10].map((value) => Math.round(plot.x(value)))).toEqual([
      40, 140, 240, 340, 440,
    ]);
  });

  it("leads from values to places and back", () => {
    const back = plot.unplace(plot.place({ x: 0.02, y: 0.3 }));
    expect(back.x).toBeCloseTo(0.02, 12);
    expect(back.y).toBeCloseTo(0.3, 12);
  });

  it("marks powers of ten, fewer where there is little room", () => {
    const axis = { low: 0.0001, high: 100, logarithmic: true };
    expect(marks(axis, 9)).toEqual([0.0001, 0.001, 0.01, 0.1, 1, 10, 100]);
    expect(marks(axis, 3)).toEqual([0.0001, 0.01, 1, 100]);
    expect(marks({ ...axis, ticks: [1, 2, 3, 4, 5] }, 3)).toEqual([1, 3, 5]);
  });
});

describe("numbers beside a figure", () => {
  it("have no exponent and a real minus sign", () => {
    expect([0.0001, -0.25, 12].map((value) => plainNumber(value))).toEqual(["0.0001", "−0.25", "12"]);
  });

  it("have no sign where they round to zero", () => {
    expect([-0.004, -0.006, 1.5].map((value) => decimals(value))).toEqual(["0.00", "−0.01", "1.50"]);
  });
});

describe("labels at the ends of lines", () => {
  it("stay where they wish while there is room", () => {
    expect(spread([10, 60, 30], 14, 0, 100)).toEqual([10, 60, 30]);
  });

  it("never come closer than the gap, and stay within bounds", () => {
    const places = spread([95, 96, 97, 3], 14, 0, 100).sort((a, b) => a - b);
    expect(places).toEqual([3, 72, 86, 100]);
  });
});
