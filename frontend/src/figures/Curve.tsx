import type { Figure } from "../api/types";
import { Html } from "../components/Html";
import { Scrollable } from "../components/Scrollable";
import { Frame } from "./Frame";
import { Points, PointsLegend } from "./Points";
import { extentOf, padded, shortNumber } from "./scale";

type CurveFigure = Extract<Figure, { kind: "curve" }>;

const HEIGHT = 260;
const ROWS_OF_NUMBERS = 9;

/** A path through the values, with a new start after each gap. */
export function pathThrough(places: ([x: number, y: number] | null)[]): string {
  let isOpen = false;
  return places
    .map((place) => {
      const command = place && `${isOpen ? "L" : "M"}${place[0].toFixed(1)} ${place[1].toFixed(1)}`;
      isOpen = place !== null;
      return command ?? "";
    })
    .join("");
}

/** Curves over one axis; they differ in color and in stroke. */
export function Curve({ figure }: { figure: CurveFigure }) {
  const { title, x, y, curves, points } = figure;
  const xs = x.values;
  const heights = [...curves.flatMap((curve) => curve.values), ...points.map((point) => point.y)];
  return (
    <>
      <Frame
        title={title}
        xLabel={x.label}
        yLabel={y.label}
        xExtent={extentOf([...xs, ...points.map((point) => point.x)])}
        yExtent={padded(extentOf(heights))}
        height={HEIGHT}
        legend={<Legend figure={figure} />}
      >
        {(plot) => (
          <>
            {curves.map((curve, index) => (
              <path
                key={index}
                class="figure-curve"
                data-series={index % 4}
                d={pathThrough(
                  curve.values.map((value, at) => {
                    const across = xs[at] ?? null;
                    return value === null || across === null ? null : [plot.x(across), plot.y(value)];
                  }),
                )}
              />
            ))}
            <Points points={points} plot={plot} />
          </>
        )}
      </Frame>
      <Numbers figure={figure} />
    </>
  );
}

const Legend = ({ figure: { curves, points } }: { figure: CurveFigure }) => (
  <>
    {curves.map(({ label }, index) => (
      <span key={index} class="figure-entry">
        <svg viewBox="0 0 28 10" class="figure-swatch" aria-hidden="true">
          <path class="figure-curve" data-series={index % 4} d="M0 5H28" />
        </svg>
        <Html html={label} />
      </span>
    ))}
    <PointsLegend points={points} />
  </>
);

/** The curves for those who do not see them: a few of their values. */
function Numbers({ figure: { x, curves } }: { figure: CurveFigure }) {
  const step = Math.max(1, Math.floor((x.values.length - 1) / (ROWS_OF_NUMBERS - 1)));
  const rows = x.values.map((value, at) => [value, at] as const).filter(([, at]) => at % step === 0);
  const cell = (value: number | null | undefined) => (value == null ? "–" : shortNumber(value));
  return (
    <details class="figure-numbers">
      <summary>In numbers</summary>
      <div class="html">
        <Scrollable label="Table" class="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <Html html={x.label || "x"} isName />
                </th>
                {curves.map(({ label }, index) => (
                  <th scope="col" key={index}>
                    <Html html={label || "y"} isName />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([value, at]) => (
                <tr key={at}>
                  <td>{cell(value)}</td>
                  {curves.map((curve, index) => (
                    <td key={index}>{cell(curve.values[at])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrollable>
      </div>
    </details>
  );
}
