import type { Figure } from "../api/types";
import type { Point } from "../components/geometry";
import { Frame, type Plot } from "./Frame";
import { isoline, levels } from "./isolines";
import { Points, PointsLegend } from "./Points";
import { extentOf, scale, shortNumber } from "./scale";

type ContourFigure = Extract<Figure, { kind: "contour" }>;

const HEIGHT = 382;
const LINES = 10;

/** A surface as lines of equal height: the lower, the stronger. */
export function Contour({ figure }: { figure: ContourFigure }) {
  const { title, x, y, z, points } = figure;
  const [xExtent, yExtent] = [extentOf(x.values), extentOf(y.values)];
  const drawn = levels(z, LINES);
  return (
    <Frame
      title={title}
      xLabel={x.label}
      yLabel={y.label}
      xExtent={xExtent}
      yExtent={yExtent}
      height={HEIGHT}
      legend={<Legend figure={figure} />}
    >
      {(plot) => {
        const place = toPlace(figure, plot);
        return (
          <>
            {drawn.map((level, index) => (
              <path
                key={level}
                class="figure-level"
                stroke-opacity={1 - 0.75 * (index / drawn.length)}
                d={isoline(z, level)
                  .map((segment) => `M${place(segment[0])}L${place(segment[1])}`)
                  .join("")}
              />
            ))}
            <Points points={points} plot={plot} />
          </>
        );
      }}
    </Frame>
  );
}

/** From a place in the grid of samples to one on the screen. */
function toPlace({ x, y }: ContourFigure, plot: Plot): (point: Point) => string {
  const across = scale(
    { low: 0, high: x.values.length - 1 },
    plot.x(x.values[0] ?? 0),
    plot.x(x.values.at(-1) ?? 1),
  );
  const up = scale(
    { low: 0, high: y.values.length - 1 },
    plot.y(y.values[0] ?? 0),
    plot.y(y.values.at(-1) ?? 1),
  );
  return (point) => `${across(point.x).toFixed(1)} ${up(point.y).toFixed(1)}`;
}

function Legend({ figure: { z, points } }: { figure: ContourFigure }) {
  const { low, high } = extentOf(z.flat());
  return (
    <>
      <span class="figure-entry">
        <span class="figure-gradient" aria-hidden="true" /> from {shortNumber(low)} to {shortNumber(high)}
      </span>
      <PointsLegend points={points} />
    </>
  );
}
