import { useMemo } from "preact/hooks";
import { ticks } from "../figures/scale";
import { averageOptimism, type Contest, type Draw, draw, expectedMaximum } from "../numbers/winner";
import { percent } from "./parts/amounts";
import { Chart } from "./parts/Chart";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Entry, Legend, LineEntry } from "./parts/Legend";
import { polyline } from "./parts/lines";
import { useLinkedNumber } from "./parts/linked";
import { Note } from "./parts/Note";
import { NumbersTable } from "./parts/NumbersTable";
import { decimals, type Plot, plainNumber } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { FINE, roundStop } from "./parts/stops";
import type { IllustrationProps } from "./plug";

export interface WinnerSettings {
  candidates: number;
  noise: number;
  truth: number;
  seed: number;
  /** Whether a high score is good (an accuracy) or a low one (an error). */
  score: "accuracy" | "error";
}

const CANDIDATES = { low: 1, high: 200, whole: true };
const NOISE = { low: 0.001, high: 0.2 };
const DRAWS = { low: 1, high: 1000, whole: true };
/** Beyond this number of standard deviations hardly any of 200 scores falls. */
const REACH = 4;

/** Curves are drawn through these numbers of candidates. */
const COUNTS = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 50, 70, 100, 140, 200];
const EXPECTED = COUNTS.map(expectedMaximum);

/** The best of many equal candidates, which is lucky and not better. */
export function Winner({ settings, id }: IllustrationProps<WinnerSettings>) {
  const [candidates, setCandidates] = useLinkedNumber(id, "candidates", CANDIDATES, settings.candidates);
  const [noise, setNoise] = useLinkedNumber(id, "noise", NOISE, settings.noise);
  const [draws, setDraws] = useLinkedNumber(id, "draws", DRAWS, 1);
  const { truth, seed, score } = settings;
  const contest = useMemo(
    () => ({ candidates, noise, truth, seed, best: BEST[score] }),
    [candidates, noise, truth, seed, score],
  );
  const last = useMemo(() => draw(contest, draws - 1), [contest, draws]);
  const average = useMemo(() => averageOptimism(contest, draws), [contest, draws]);
  const theory = noise * expectedMaximum(candidates);
  const spread = REACH * Math.max(noise, settings.noise);
  const format = FORMATS[score];
  const unit = UNITS[score];
  const extent = { low: truth - spread, high: truth + spread };
  return (
    <>
      <div class="figure-pair">
        <Chart
          label={`The ${score} of each candidate on the validation data`}
          x={{ low: 0, high: candidates + 1, ticks: [...new Set([1, candidates])] }}
          y={{ ...extent, ticks: ticks(extent, 6).filter((tick) => tick >= 0 && tick <= 1), format }}
          xLabel="candidate"
          yLabel={`${score}, ${score === "accuracy" ? "high" : "low"} is good`}
          height={() => 290}
          margin={{ left: 52 }}
        >
          {(plot) => <Scores plot={plot} last={last} contest={contest} format={format} />}
        </Chart>
        <Chart
          label="How much too good the best score is on average, against the number of candidates"
          x={{ low: 1, high: CANDIDATES.high, logarithmic: true, ticks: [1, 2, 5, 10, 20, 50, 200] }}
          y={{ low: 0, high: 0.95 * spread, format: (value) => plainNumber(value * unit.size) }}
          xLabel="number of candidates, logarithmic"
          yLabel={`the best is too good by${unit.words && `, in${unit.words}`}`}
          height={() => 290}
          margin={{ left: 52 }}
        >
          {(plot) => <Optimism plot={plot} contest={contest} average={average} />}
        </Chart>
      </div>
      <Legend>
        <Entry sample={<path class="winner-best" d={diamond(14, 6, 6)} />}>the winner</Entry>
        <Entry sample={<rect class="winner-test" x="9.5" y="1.500" width="9" height="9" />}>
          the winner on new data
        </Entry>
        <LineEntry series={3}>what each is worth</LineEntry>
        <LineEntry series={0}>expected: σ · c</LineEntry>
        <Entry sample={<circle class="winner-average" cx="14" cy="6" r="5" />}>
          average of {draws} {draws === 1 ? "draw" : "draws"}
        </Entry>
      </Legend>
      <Reading words={inWords(contest, last, average, theory, draws, score)} />
      <div class="controls">
        <Slider label="Candidates" {...CANDIDATES} step={1} value={candidates} onChange={setCandidates} />
        <Slider
          label="Noise σ of a score"
          {...NOISE}
          step={FINE}
          logarithmic
          value={noise}
          format={plainNumber}
          onChange={(value) => setNoise(roundStop(value))}
        />
        <div class="figure-actions">
          <div class="figure-buttons">
            <button
              type="button"
              class="button small"
              onClick={() => setDraws(Math.min(draws + 1, DRAWS.high))}
            >
              Draw again
            </button>
            <button
              type="button"
              class="button quiet small"
              onClick={() => setDraws(Math.min(draws + 50, DRAWS.high))}
            >
              Draw 50 times
            </button>
            <button type="button" class="button quiet small" onClick={() => setDraws(1)}>
              Reset
            </button>
          </div>
          <CopyLink id={id} state={{ candidates, noise, draws }} />
        </div>
      </div>
      <Note>
        All candidates are equally good. Each score is the truth plus normal noise with standard deviation σ;
        c is the expected largest of as many standard normal numbers as there are candidates, here{" "}
        {plainNumber(expectedMaximum(candidates), 3)}.
      </Note>
      <NumbersTable
        title="Expected optimism of the best"
        columns={["Candidates", "c", "Too good by"]}
        rows={COUNTS.map((count, index) => {
          const expected = EXPECTED[index] ?? 0;
          return [
            `${count}`,
            plainNumber(Math.max(expected, 1e-12) < 1e-9 ? 0 : expected),
            format(noise * expected),
          ];
        })}
      />
    </>
  );
}

const BEST = { accuracy: "highest", error: "lowest" } as const;

/** A difference of accuracies is told in points, of which a hundred are the whole. */
const UNITS = {
  accuracy: { size: 100, words: " points", places: 1 },
  error: { size: 1, words: "", places: 3 },
};

const FORMATS = {
  accuracy: (value: number) => percent(Math.abs(value) < 1e-9 ? 0 : value),
  error: (value: number) => plainNumber(Math.abs(value) < 1e-9 ? 0 : value),
};

const diamond = (x: number, y: number, r: number): string =>
  `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;

interface ScoresProps {
  plot: Plot;
  last: Draw;
  contest: Contest;
  format: (value: number) => string;
}

function Scores({ plot, last, contest, format }: ScoresProps) {
  const { left, right } = plot.area;
  const x = plot.x(last.winner + 1);
  const [best, test] = [plot.y(last.scores[last.winner] ?? 0), plot.y(last.test)];
  return (
    <Decoration>
      <path
        class="figure-curve winner-truth"
        data-series={3}
        d={`M${left} ${plot.y(contest.truth)}H${right}`}
      />
      {last.scores.map((score, index) => (
        <circle key={index} class="winner-dot" cx={plot.x(index + 1)} cy={plot.y(score)} r="3.5" />
      ))}
      <path class="winner-fall" d={`M${x} ${best}V${test}`} />
      <rect class="winner-test" x={x - 5} y={test - 5} width="10" height="10" />
      <path class="winner-best" d={diamond(x, best, 8)} />
      <Named
        plot={plot}
        x={x}
        y={best}
        isAbove={best <= test}
        words={format(last.scores[last.winner] ?? 0)}
      />
      <Named plot={plot} x={x} y={test} isAbove={best > test} words={format(last.test)} />
    </Decoration>
  );
}

interface NamedProps {
  plot: Plot;
  x: number;
  y: number;
  isAbove: boolean;
  words: string;
}

/** A number above or below its mark, within the picture. */
function Named({ plot, x, y, isAbove, words }: NamedProps) {
  const { left, right } = plot.area;
  return (
    <text
      class="on-lines strong"
      x={Math.min(Math.max(x, left + 24), right - 24)}
      y={isAbove ? y - 13 : y + 22}
      text-anchor="middle"
    >
      {words}
    </text>
  );
}

interface OptimismProps {
  plot: Plot;
  contest: Contest;
  average: number;
}

function Optimism({ plot, contest: { candidates, noise }, average }: OptimismProps) {
  const points = COUNTS.map((count, index) => plot.place({ x: count, y: noise * (EXPECTED[index] ?? 0) }));
  const x = plot.x(candidates);
  const low = plot.y(Math.max(average, 0));
  return (
    <Decoration>
      <path class="cursor" d={`M${x} ${plot.area.top}V${plot.area.bottom}`} />
      <path class="figure-curve" data-series={0} d={polyline(points)} />
      <circle class="winner-expected" cx={x} cy={plot.y(noise * expectedMaximum(candidates))} r="4" />
      <circle class="winner-average" cx={x} cy={Math.max(low, plot.area.top)} r="6.5" />
    </Decoration>
  );
}

function inWords(
  contest: Contest,
  last: Draw,
  average: number,
  theory: number,
  draws: number,
  score: WinnerSettings["score"],
): string {
  const format = FORMATS[score];
  const top = format(last.scores[last.winner] ?? 0);
  if (contest.candidates === 1)
    return `A single candidate shows ${top}. Nothing is chosen, so on average its score is neither too good nor too bad.`;
  const now = `The best of ${contest.candidates} shows ${top}. On new data it gets ${format(last.test)}, and it is worth ${format(contest.truth)} like all the others.`;
  const { size, words, places } = UNITS[score];
  const points = (value: number) => decimals(size * value, places) + words;
  const times = draws === 1 ? "This time" : `On average over ${draws} draws`;
  const impossible = score === "accuracy" && (last.scores[last.winner] ?? 0) > 1;
  const remark = impossible ? " (Beyond 100 % the normal noise is only a model.)" : "";
  return `${now} ${times} the best was ${points(average)} too good; ${points(theory)} are expected.${remark}`;
}
