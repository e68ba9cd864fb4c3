import { useEffect, useMemo, useState } from "preact/hooks";
import {
  type Accuracy,
  averaging,
  MOST_STOPS,
  repetitionsOf,
  type Study,
  stopsUpTo,
} from "../numbers/leakage";
import { percent } from "./parts/amounts";
import { Chart } from "./parts/Chart";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Legend, LineEntry } from "./parts/Legend";
import { polyline } from "./parts/lines";
import { useLinkedNumber } from "./parts/linked";
import { Note } from "./parts/Note";
import { NumbersTable } from "./parts/NumbersTable";
import type { Plot } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import type { IllustrationProps } from "./plug";

export interface LeakageSettings {
  rows: number;
  features: number;
  kept: number;
  seed: number;
}

const SEED = { low: 0, high: 1000, whole: true };
const KEPT = { low: 1, high: 20, whole: true };
const STOP = { low: 0, high: MOST_STOPS - 1, whole: true };
const TRUTH = 0.5;
const rounded = (share: number): string => percent(share, 2);

/** What choosing features before cross-validation makes of pure noise. */
export function Leakage({ settings, id }: IllustrationProps<LeakageSettings>) {
  const { rows, features } = settings;
  const stops = stopsUpTo(features);
  const [wanted, setStop] = useLinkedNumber(id, "stop", STOP, stops.length - 1);
  const stop = Math.min(wanted, stops.length - 1);
  const [kept, setKept] = useLinkedNumber(id, "kept", KEPT, settings.kept);
  const [seed, setSeed] = useLinkedNumber(id, "seed", SEED, settings.seed);
  const study = useMemo(() => ({ rows, features, kept, seed }), [rows, features, kept, seed]);
  const found = useAccuracies(study);
  const here = found?.[stop];
  return (
    <>
      <Chart
        label="Accuracy against the number of features to choose from"
        x={{ low: Math.min(...stops) * 0.9, high: features * 1.1, logarithmic: true, ticks: labeled(stops) }}
        y={{ low: 0.35, high: 1, ticks: [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], format: rounded }}
        xLabel="features to choose from, logarithmic"
        yLabel="rows that are classified right"
        margin={{ left: 48 }}
      >
        {(plot) => <Curves plot={plot} found={found ?? []} here={here} />}
      </Chart>
      <Legend>
        <LineEntry series={1}>features chosen before the folds</LineEntry>
        <LineEntry series={0}>chosen anew inside each fold</LineEntry>
        <LineEntry series={3}>the truth</LineEntry>
      </Legend>
      <Reading words={here ? inWords(here, kept) : "Noise is being drawn …"} />
      <div class="controls">
        <Slider
          label="Features to choose from"
          low={0}
          high={Math.max(stops.length - 1, 1)}
          step={1}
          value={stop}
          format={(index) => `${stops[index] ?? features}`}
          onChange={setStop}
          disabled={stops.length === 1}
        />
        <Slider label="Features that are kept" {...KEPT} step={1} value={kept} onChange={setKept} />
        <div class="figure-actions">
          <button
            type="button"
            class="button quiet small"
            onClick={() => setSeed((seed + 1) % (SEED.high + 1))}
          >
            Other noise
          </button>
          <CopyLink id={id} state={{ stop, kept, seed }} />
        </div>
      </div>
      <Note>
        {rows} rows of standard normal features; the labels come from a coin. The {kept} features that go best
        with the labels are kept, and each row is assigned to the class whose mean is nearer. Averages over{" "}
        {repetitionsOf(study)} data sets, five folds each.
      </Note>
      <NumbersTable
        title="Share of rows that are classified right"
        columns={["Features", "Chosen before the folds", "Chosen inside each fold"]}
        rows={(found ?? []).map(({ features: count, before, inside }) => [
          `${count}`,
          percent(before),
          percent(inside),
        ])}
      />
    </>
  );
}

/** So long, in milliseconds, the page does nothing else. */
const SLICE = 12;

/** The accuracies of a study, computed in slices; until they are there, those of the study before. */
function useAccuracies(study: Study): Accuracy[] | null {
  const [found, setFound] = useState<Accuracy[] | null>(null);
  useEffect(() => {
    const rounds = averaging(study);
    let latest: Accuracy[] | null = null;
    let timer = 0;
    const work = () => {
      const end = performance.now() + SLICE;
      while (performance.now() < end) {
        const round = rounds.next();
        if (round.done) return setFound(latest);
        latest = round.value;
      }
      timer = window.setTimeout(work);
    };
    timer = window.setTimeout(work);
    return () => clearTimeout(timer);
  }, [study]);
  return found;
}

/** Every stop has room for its number on a wide screen only; the first, every other and the last always have. */
const labeled = (stops: readonly number[]): number[] =>
  stops.filter((_, index) => (stops.length - 1 - index) % 2 === 0 || index === 0);

interface CurvesProps {
  plot: Plot;
  found: readonly Accuracy[];
  here: Accuracy | undefined;
}

function Curves({ plot, found, here }: CurvesProps) {
  const { left, right } = plot.area;
  const last = found.at(-1);
  const points = (of: "before" | "inside") =>
    found.map((accuracy) => plot.place({ x: accuracy.features, y: accuracy[of] }));
  return (
    <Decoration>
      <path class="figure-curve leakage-truth" data-series={3} d={`M${left} ${plot.y(TRUTH)}H${right}`} />
      {here && (
        <path
          class="leakage-gap"
          d={`M${plot.x(here.features)} ${plot.y(here.before)}V${plot.y(here.inside)}`}
        />
      )}
      {(["inside", "before"] as const).map((of, series) => (
        <g key={of} class="leakage-points" data-series={series}>
          <path class="figure-curve" data-series={series} d={polyline(points(of))} />
          {points(of).map(({ x, y }, index) => (
            <circle key={index} cx={x} cy={y} r={found[index] === here ? 6 : 3} />
          ))}
        </g>
      ))}
      {last && <Names plot={plot} last={last} />}
    </Decoration>
  );
}

/** The names of the lines, above the upper and below the lower one. */
function Names({ plot, last }: { plot: Plot; last: Accuracy }) {
  const x = plot.x(last.features) - 12;
  return (
    <>
      <text class="on-lines strong" x={x} y={Math.max(plot.y(last.before) - 12, 14)} text-anchor="end">
        before the folds
      </text>
      <text class="on-lines strong" x={x} y={plot.y(TRUTH) + 28} text-anchor="end">
        inside each fold
      </text>
    </>
  );
}

function inWords({ features, before, inside }: Accuracy, kept: number): string {
  if (kept >= features)
    return `All ${features} features are kept, so nothing is chosen: ${rounded(before)} right. The truth is 50 %.`;
  return `${kept} of ${features} features, chosen before the folds: ${rounded(before)} right. Chosen inside each fold: ${rounded(inside)}. The truth is 50 %: there is nothing to find.`;
}
