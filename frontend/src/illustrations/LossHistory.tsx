import { useState } from "preact/hooks";
import type { Point } from "../components/geometry";
import { bestRate, lossHistory, rateLimit, slowest } from "../numbers/valley";
import { amount, percent, powerOfTen } from "./parts/amounts";
import { Chart } from "./parts/Chart";
import { Clip } from "./parts/Clip";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Legend, LineEntry } from "./parts/Legend";
import { polyline } from "./parts/lines";
import { useLinkedNumber } from "./parts/linked";
import { Note } from "./parts/Note";
import { NumbersTable } from "./parts/NumbersTable";
import { numberIn, stateIn } from "./parts/permalink";
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
const MOMENTUM = { low: 0, high: 0.99 };
const CONDITION = { low: 1, high: 100 };
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
export function LossHistory({ settings, id }: IllustrationProps<LossHistorySettings>) {
  const [condition, setCondition] = useLinkedNumber(id, "condition", CONDITION, settings.condition);
  const [momentum, setMomentum] = useLinkedNumber(id, "momentum", MOMENTUM, settings.momentum);
  const [rates, setRates] = useState(() =>
    settings.rates.map((rate, series) => linkedRate(id, series, rate)),
  );
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
          {...CONDITION}
          value={condition}
          step={FINE}
          logarithmic
          format={plainNumber}
          onChange={(value) => setCondition(roundStop(value))}
        />
        <Slider
          label="Momentum β"
          {...MOMENTUM}
          step={0.01}
          value={momentum}
          format={plainNumber}
          onChange={setMomentum}
        />
        <div class="figure-actions">
          <CopyLink id={id} state={{ condition, momentum, ...Object.fromEntries(rates.map(named)) }} />
        </div>
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

const named = (rate: number, series: number): [name: string, rate: number] => [`rate${series + 1}`, rate];

const linkedRate = (id: string, series: number, otherwise: number): number =>
  numberIn(stateIn(id), named(otherwise, series)[0], RATE.low, RATE.high, otherwise);

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
  const diverging = lines.filter(({ factor }) => factor > 1 + 1e-12);
  return [ofFastest(lines.filter(isArriving), lines.length), ofDiverging(diverging)]
    .filter(Boolean)
    .join(" ");
}

const isArriving = ({ factor }: Line): boolean => factor < 1 - 1e-12;

function ofFastest(arriving: readonly Line[], count: number): string {
  const factor = Math.min(...arriving.map((line) => line.factor));
  const fastest = arriving.filter((line) => line.factor < factor + 1e-9);
  const [first] = fastest;
  if (!first) return count === 1 ? "This rate does not arrive." : "None of these rates arrives.";
  const pace = `${percent(factor)} of the distance in each step, and so ${percent(factor ** 2)} of the loss`;
  if (fastest.length > 1) return `${listed(fastest)} are equally fast in the long run: they keep ${pace}.`;
  const after = `after ${first.losses.length - 1} steps ${amount(first.losses.at(-1) ?? 0)} of the loss is left.`;
  return `${count === 1 ? "The rate is" : "Fastest in the long run is the rate"} ${listed(fastest)}. It keeps ${pace}: ${after}`;
}

const listed = (lines: readonly Line[]): string =>
  new Intl.ListFormat("en-US").format(lines.map(({ rate }) => plainNumber(rate)));

function ofDiverging(lines: readonly Line[]): string {
  if (lines.length === 0) return "";
  return `${listed(lines)} ${lines.length === 1 ? "diverges: its line leaves" : "diverge: their lines leave"} at the top.`;
}
