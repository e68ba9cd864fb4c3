import { useState } from "preact/hooks";
import type { Point } from "../components/geometry";
import { bestRate, lossHistory, rateLimit, slowest } from "../numbers/valley";
import { amount, percent, powerOfTen } from "./parts/amounts";
import { Chart } from "./parts/Chart";
import { Clip } from "./parts/Clip";
import { Decoration } from "./parts/Decoration";
import { Legend, LineEntry } from "./parts/Legend";
import { polyline } from "./parts/lines";
import { Note } from "./parts/Note";
import { NumbersTable } from "./parts/NumbersTable";
import { type Plot, plainNumber, spread } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { FINE, roundStop } from "./parts/stops";
import type { IllustrationProps } from "./plug";

export interface LossHistorySettings {
  condition: number;
  rates: number[];
  momentum: number;
  steps: number;
}

interface Line {
  rate: number;
  /** What each step multiplies the distance by, in the long run. */
  factor: number;
  losses: number[];
}

const RATE = { low: 0.001, high: 3 };
const LOSS = {
  low: 1e-8,
  high: 100,
  logarithmic: true,
  ticks: [1e-8, 1e-6, 1e-4, 1e-2, 1, 100],
  format: powerOfTen,
};
const STROKES = ["solid", "dashed", "dotted", "dash-dotted"];
const LETTERS = 16;

/** The loss against the number of steps for several learning rates. */
export function LossHistory({ settings }: IllustrationProps<LossHistorySettings>) {
  const [condition, setCondition] = useState(settings.condition);
  const [momentum, setMomentum] = useState(settings.momentum);
  const [rates, setRates] = useState(settings.rates);
  const { steps } = settings;
  const lines = rates.map((rate) => ({
    rate,
    factor: slowest(condition, rate, momentum),
    losses: lossHistory(condition, rate, momentum, steps),
  }));
  return (
    <>
      <Chart
        label="The loss against the number of steps, a line for each learning rate"
        x={{ low: 0, high: steps }}
        y={LOSS}
        xLabel="steps"
        yLabel="loss as a share of the loss at the start, logarithmic"
        height={(width) => Math.min(340, 200 + width / 5)}
        margin={{ right: 62 }}
      >
        {(plot) => <Lines plot={plot} lines={lines} />}
      </Chart>
      <Legend>
        {lines.map(({ rate, factor }, series) => (
          <LineEntry key={series} series={series}>
            {plainNumber(rate)}: distance × {amount(factor)} in each step
          </LineEntry>
        ))}
      </Legend>
      <Reading words={inWords(lines)} />
      <div class="controls">
        {rates.map((rate, series) => (
          <Slider
            key={series}
            label={`Learning rate, ${STROKES[series]} line`}
            {...RATE}
            value={rate}
            step={FINE}
            logarithmic
            format={plainNumber}
            onChange={(value) => setRates(rates.with(series, roundStop(value)))}
          />
        ))}
        <Slider
          label="Condition number κ"
          low={1}
          high={100}
          value={condition}
          step={FINE}
          logarithmic
          format={plainNumber}
          onChange={(value) => setCondition(roundStop(value))}
        />
        <Slider
          label="Momentum β"
          low={0}
          high={0.99}
          step={0.01}
          value={momentum}
          format={plainNumber}
          onChange={setMomentum}
        />
      </div>
      <Note>
        A straight line means the same factor in every step. The curvatures are 1 and κ, and the slower of the
        two directions sets the pace:{" "}
        {momentum === 0
          ? "the distance is multiplied by the larger |1 − lr · h|, and the loss by its square."
          : "with momentum the factors are those of the long run, and a line may wave on its way."}{" "}
        Here the best fixed rate without momentum is {plainNumber(bestRate(condition))}, and the limit
        {momentum === 0 ? "" : " with this momentum"} is {plainNumber(rateLimit(condition, momentum))}.
      </Note>
      <NumbersTable
        title="The loss as a share of the loss at the start"
        columns={["Step", ...rates.map((rate) => `lr = ${plainNumber(rate)}`)]}
        rows={Array.from({ length: steps + 1 }, (_, step) => [
          `${step}`,
          ...lines.map(({ losses }) => cell(losses[step])),
        ])}
      />
    </>
  );
}

const cell = (loss: number | undefined): string => (loss === undefined ? "–" : amount(loss));

function Lines({ plot, lines }: { plot: Plot; lines: readonly Line[] }) {
  const { right, top, bottom } = plot.area;
  const drawn = lines.map(({ losses }) => shown(losses).map(plot.place));
  const ends = drawn.map((points) => points.at(-1) ?? { x: right, y: bottom });
  const labels = spread(
    ends.map(({ y }) => Math.min(Math.max(y, top), bottom)),
    LETTERS,
    top + 6,
    bottom - 2,
  );
  return (
    <Decoration>
      <Clip plot={plot}>
        {drawn.map((points, series) => (
          <path key={series} class="figure-curve" data-series={series} d={polyline(points)} />
        ))}
      </Clip>
      {lines.map(({ rate }, series) => (
        <text
          key={series}
          class="history-label"
          data-series={series}
          x={right + 6}
          y={(labels[series] ?? 0) + 4}
        >
          {plainNumber(rate)}
          {arrow(ends[series], plot)}
        </text>
      ))}
    </Decoration>
  );
}

/** The points of a line up to the first above the picture; what is zero has no place on a logarithmic axis. */
function shown(losses: readonly number[]): Point[] {
  const above = losses.findIndex((loss) => loss > LOSS.high);
  const kept = above < 0 ? losses : losses.slice(0, above + 1);
  return kept.map((loss, step) => ({ x: step, y: Math.max(loss, 1e-40) }));
}

function arrow(end: Point | undefined, { area }: Plot): string {
  if (!end || (end.y >= area.top && end.y <= area.bottom)) return "";
  return end.y < area.top ? " ↑" : " ↓";
}

function inWords(lines: readonly Line[]): string {
  const [arriving, diverging] = [lines.filter(isArriving), lines.filter(({ factor }) => factor > 1 + 1e-12)];
  const fastest = arriving.toSorted((a, b) => a.factor - b.factor)[0];
  return [fastest ? ofFastest(fastest, lines.length) : "None of these rates arrives.", ofDiverging(diverging)]
    .filter(Boolean)
    .join(" ");
}

const isArriving = ({ factor }: Line): boolean => factor < 1 - 1e-12;

function ofFastest({ rate, factor, losses }: Line, count: number): string {
  const after = `after ${losses.length - 1} steps ${amount(losses.at(-1) ?? 0)} of the loss is left.`;
  const pace = `keeps ${percent(factor)} of the distance in each step, and so ${percent(factor ** 2)} of the loss:`;
  return `${count === 1 ? "The rate" : "Fastest in the long run is the rate"} ${plainNumber(rate)}. It ${pace} ${after}`;
}

function ofDiverging(lines: readonly Line[]): string {
  if (lines.length === 0) return "";
  const rates = lines.map(({ rate }) => plainNumber(rate)).join(" and ");
  return `${rates} ${lines.length === 1 ? "diverges: its line leaves" : "diverge: their lines leave"} at the top.`;
}
