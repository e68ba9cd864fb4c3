/**
 * The picture of regularization: the ball of a penalty, the level lines of a loss, and the point where they touch.
 *
 * The ball of radius r for the norm p is |x|^p + |y|^p <= r^p: a diamond for p = 1, a circle for p = 2.
 * The loss is the quadratic (w - c)' A (w - c) with A symmetric and positive definite.
 */
export interface Point {
  x: number;
  y: number;
}

export interface Loss {
  center: Point;
  /** The entries of A: xx, xy, yy. */
  curvature: [xx: number, xy: number, yy: number];
}

const STEPS = 360;

/** Points on the edge of the ball, counter-clockwise from (r, 0); the corners of the diamond are among them. */
export function ball(p: number, radius: number, steps = STEPS): Point[] {
  return Array.from({ length: steps }, (_, index) => {
    const angle = (2 * Math.PI * index) / steps;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return { x: radius * power(cos, 2 / p), y: radius * power(sin, 2 / p) };
  });
}

const power = (base: number, exponent: number): number => Math.sign(base) * Math.abs(base) ** exponent;

export function lossAt({ center, curvature: [xx, xy, yy] }: Loss, { x, y }: Point): number {
  const [dx, dy] = [x - center.x, y - center.y];
  return xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy;
}

export interface Ellipse {
  rx: number;
  ry: number;
  /** Degrees, counter-clockwise. */
  tilt: number;
}

/** The line on which the loss has this value. */
export function levelLine({ curvature: [xx, xy, yy] }: Loss, level: number): Ellipse {
  const mean = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  const tilt = (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI);
  return { rx: Math.sqrt(level / (mean + spread)), ry: Math.sqrt(level / (mean - spread)), tilt };
}

/** An SVG path through the points, closed. */
export function path(points: Point[]): string {
  return `M${points.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
}
