import { describe, expect, it } from "vitest";
import { ball, type Loss, levelLine, lossAt } from "../../src/components/geometry";
import { reading } from "../../src/components/Hero";
import { constrained } from "../../src/numbers/fence";

const LOSS: Loss = { center: { x: 40, y: 110 }, curvature: [0.6, -0.2, 1] };

describe("the picture of a penalty", () => {
  it.each([1, 1.5, 2])("has every point of the ball at the same norm %f", (p) => {
    for (const { x, y } of ball(p, 50)) expect(Math.abs(x) ** p + Math.abs(y) ** p).toBeCloseTo(50 ** p, 6);
  });

  it("draws the level line through the point that it touches", () => {
    const point = constrained(LOSS, { kind: "l2" }, 60).weights;
    const { rx, ry, tilt } = levelLine(LOSS, lossAt(LOSS, point));
    const angle = (-tilt * Math.PI) / 180;
    const [dx, dy] = [point.x - LOSS.center.x, point.y - LOSS.center.y];
    const [along, across] = [
      dx * Math.cos(angle) - dy * Math.sin(angle),
      dx * Math.sin(angle) + dy * Math.cos(angle),
    ];
    expect((along / rx) ** 2 + (across / ry) ** 2).toBeCloseTo(1, 9);
  });
});

describe("the words of the first page", () => {
  it("say that a weight is exactly zero for the diamond", () => {
    expect(reading(1)).toBe("One weight is exactly zero.");
  });

  it.each([1.000001, 1.02, 1.04, 1.06, 1.08, 1.1, 1.5, 2])("never say so of the norm %f", (p) => {
    expect(reading(p)).not.toContain("exactly");
  });
});
