import type { ComponentChild, ComponentChildren } from "preact";
import { Decoration } from "./Decoration";
import { type Axis, type Margin, marks, type Plot, plainNumber, plotOf } from "./plot";
import { Stage } from "./Stage";

export interface ChartProps {
  /** What is drawn, for those who do not see it. */
  label: string;
  x: Axis;
  y: Axis;
  xLabel?: ComponentChild;
  yLabel?: ComponentChild;
  /** In CSS pixels, given the width. */
  height?: (width: number) => number;
  margin?: Partial<Margin>;
  /** Numbers of the vertical axis stand on the right where lines have their names on the left. */
  numbersOnTheRight?: boolean;
  hasHandles?: boolean;
  children: (plot: Plot) => ComponentChildren;
}

const MARGIN: Margin = { left: 42, right: 12, top: 12, bottom: 26 };
/** Wide enough for the numbers of an axis side by side. */
const ROOM = { x: 64, y: 44 };

/** A drawing with two axes, whose text keeps its size at every width. */
export function Chart(props: ChartProps) {
  const { label, x, y, xLabel, yLabel, hasHandles = false, children } = props;
  const margin = { ...MARGIN, ...props.margin };
  return (
    <div class="chart">
      {yLabel && <div class="figure-y-label">{yLabel}</div>}
      <Stage
        label={label}
        height={props.height ?? ((width) => Math.min(300, 150 + width / 4))}
        hasHandles={hasHandles}
      >
        {(width, height) => {
          const plot = plotOf(x, y, width, height, margin);
          return (
            <>
              <Grid plot={plot} x={x} y={y} numbersOnTheRight={props.numbersOnTheRight ?? false} />
              {children(plot)}
            </>
          );
        }}
      </Stage>
      {xLabel && <div class="figure-x-label">{xLabel}</div>}
    </div>
  );
}

/** Lines and numbers of two axes. */
export function Grid(props: { plot: Plot; x: Axis; y: Axis; numbersOnTheRight?: boolean }) {
  const { plot, x, y, numbersOnTheRight = false } = props;
  const { left, right, top, bottom } = plot.area;
  return (
    <Decoration class="figure-grid">
      {marks(x, (right - left) / ROOM.x).map((value) => (
        <g key={value}>
          <path d={`M${plot.x(value)} ${top}V${bottom}`} data-zero={value === 0} />
          <text x={plot.x(value)} y={bottom + 18} text-anchor="middle">
            {(x.format ?? plainNumber)(value)}
          </text>
        </g>
      ))}
      {marks(y, (bottom - top) / ROOM.y).map((value) => (
        <g key={value}>
          <path d={`M${left} ${plot.y(value)}H${right}`} data-zero={value === 0} />
          <text
            x={numbersOnTheRight ? right + 7 : left - 7}
            y={plot.y(value) + 4}
            text-anchor={numbersOnTheRight ? "start" : "end"}
          >
            {(y.format ?? plainNumber)(value)}
          </text>
        </g>
      ))}
    </Decoration>
  );
}
