import type { ComponentChildren } from "preact";
import { Html } from "../components/Html";
import { plainText } from "../interactions/plain";
import { type Extent, scale, shortNumber, ticks } from "./scale";

export interface Plot {
  x: (value: number) => number;
  y: (value: number) => number;
}

export interface FrameProps {
  /** HTML. */
  title: string;
  /** HTML. */
  xLabel: string;
  /** HTML. */
  yLabel: string;
  xExtent: Extent;
  yExtent: Extent;
  height: number;
  /** What is drawn, given how values become places. */
  children: (plot: Plot) => ComponentChildren;
  legend: ComponentChildren;
}

const WIDTH = 420;
const MARGIN = { left: 46, right: 12, top: 10, bottom: 30 };

/** A figure with two axes, their ticks and labels, and a legend below it. */
export function Frame({ title, xLabel, yLabel, xExtent, yExtent, height, children, legend }: FrameProps) {
  const plot = {
    x: scale(xExtent, MARGIN.left, WIDTH - MARGIN.right),
    y: scale(yExtent, height - MARGIN.bottom, MARGIN.top),
  };
  return (
    <figure class="figure">
      {title && (
        <div class="figure-title">
          <Html html={title} />
        </div>
      )}
      <div class="figure-y-label">
        <Html html={yLabel} />
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={plainText(title) || "Figure"}>
        <g class="figure-grid">
          {ticks(xExtent).map((value) => (
            <g key={value}>
              <path d={`M${plot.x(value)} ${MARGIN.top}V${height - MARGIN.bottom}`} data-zero={value === 0} />
              <text x={plot.x(value)} y={height - 10} text-anchor="middle">
                {shortNumber(value)}
              </text>
            </g>
          ))}
          {ticks(yExtent).map((value) => (
            <g key={value}>
              <path d={`M${MARGIN.left} ${plot.y(value)}H${WIDTH - MARGIN.right}`} data-zero={value === 0} />
              <text x={MARGIN.left - 8} y={plot.y(value) + 4} text-anchor="end">
                {shortNumber(value)}
              </text>
            </g>
          ))}
        </g>
        {children(plot)}
      </svg>
      <div class="figure-x-label">
        <Html html={xLabel} />
      </div>
      <figcaption class="figure-legend">{legend}</figcaption>
    </figure>
  );
}
