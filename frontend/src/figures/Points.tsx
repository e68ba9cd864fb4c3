import type { Figure } from "../api/types";
import { Html } from "../components/Html";
import type { Plot } from "./Frame";
import { shortNumber } from "./scale";

type Marked = Extract<Figure, { kind: "curve" }>["points"];

const SHAPES = [
  "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0Z",
  "M0-6.5 6.5 0 0 6.5-6.5 0Z",
  "M-5-5H5V5H-5Z",
  "M0-6 6 5H-6Z",
];

const shapeOf = (index: number): string => SHAPES[index % SHAPES.length] ?? "";

/** Points with labels differ in shape; those without are all dots. */
const shapes = (points: Marked): string[] => {
  const labeled = points.filter((point) => point.label !== "");
  return points.map((point) => shapeOf(point.label === "" ? 0 : labeled.indexOf(point)));
};

export function Points({ points, plot }: { points: Marked; plot: Plot }) {
  const drawn = shapes(points);
  return (
    <g class="figure-points">
      {points.map(({ x, y }, index) =>
        x === null || y === null ? null : (
          <path key={index} d={drawn[index]} transform={`translate(${plot.x(x)} ${plot.y(y)})`} />
        ),
      )}
    </g>
  );
}

export function PointsLegend({ points }: { points: Marked }) {
  const drawn = shapes(points);
  return (
    <>
      {points.map(({ x, y, label }, index) => (
        <span key={index} class={label === "" ? "visually-hidden" : "figure-entry"}>
          <svg viewBox="-8 -8 16 16" class="figure-swatch figure-points" aria-hidden="true">
            <path d={drawn[index]} />
          </svg>
          {label !== "" && <Html html={label} />}
          <span class="visually-hidden">
            {" "}
            at {x === null ? "a gap" : shortNumber(x)}, {y === null ? "a gap" : shortNumber(y)}.
          </span>
        </span>
      ))}
    </>
  );
}
