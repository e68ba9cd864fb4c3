import { describe, expect, it } from "vitest";
import { ball, type Loss, levelLine, lossAt, touch } from "../../src/components/geometry";

const LOSS: Loss = { centre: { x: 40, y: 110 }, curvature: [0.6, -0.2, 1] };

describe("the picture of a penalty", () => {
  it.each([1, 1.5, 2])("has every point of the ball at the same norm %f", (p) => {
    for (const { x, y } of ball(p, 50)) expect(Math.abs(x) ** p + Math.abs(y) ** p).toBeCloseTo(50 ** p, 6);
  });

  it("touches the diamond at a corner, where one weight is zero", () => {
    expect(touch(1, 60, LOSS).x).toBeCloseTo(0, 9);
  });

  it("touches the circle where no weight is zero", () => {
    const { x, y } = touch(2, 60, LOSS);
    expect(Math.min(Math.abs(x), Math.abs(y))).toBeGreaterThan(5);
  });

  it("draws the level line through the point that it touches", () => {
    const point = touch(2, 60, LOSS);
    const { rx, ry, tilt } = levelLine(LOSS, lossAt(LOSS, point));
    const angle = (-tilt * Math.PI) / 180;
    const [dx, dy] = [point.x - LOSS.centre.x, point.y - LOSS.centre.y];
    const [along, across] = [
      dx * Math.cos(angle) - dy * Math.sin(angle),
      dx * Math.sin(angle) + dy * Math.cos(angle),
    ];
    expect((along / rx) ** 2 + (across / ry) ** 2).toBeCloseTo(1, 9);
  });
});
