import { useMemo, useState } from "preact/hooks";
import { Again } from "../components/icons";
import { pathThrough } from "../figures/Curve";
import { extentOf, padded } from "../figures/scale";
import {
  type Balance,
  balance,
  type Fit,
  fits,
  PLACES,
  type Sample,
  sampleOf,
  testError,
  trainingError,
  truth,
} from "../numbers/polynomial";
import { Chart } from "./parts/Chart";
import { Clip } from "./parts/Clip";
import { Cursor } from "./parts/Cursor";
import { Decoration } from "./parts/Decoration";
import { Entry, Legend, LineEntry } from "./parts/Legend";
import { NumbersTable } from "./parts/NumbersTable";
import { type Axis, decimals, type Plot, plainNumber } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { decadesBetween } from "./parts/sampling";
import type { IllustrationProps } from "./plug";

interface Settings {
  degree: number;
  points: number;
  noise: number;
  strength: number;
  seed: number;
}

const STRENGTH = { low: 1e-6, high: 10 };
const STEP = 0.05;
const DEGREE = { low: 1, high: 15 };
/** One more than the largest seed. */
const SEEDS = 1001;
const STRENGTHS = decadesBetween(STRENGTH.low, STRENGTH.high, 71);
const DECADES = Array.from({ length: 8 }, (_, index) => Number(`1e${index - 6}`));

interface Errors {
  strength: number;
  training: number;
  test: number;
}

/** A polynomial that is fitted to noisy points with a ridge penalty, and its errors as λ moves. */
export function FlexibleFit({ settings }: IllustrationProps<Settings>) {
  const { points, noise } = settings;
  const [strength, setStrength] = useState(settings.strength);
  const [degree, setDegree] = useState(settings.degree);
  const [seed, setSeed] = useState(settings.seed);
  const sample = useMemo(() => sampleOf(points, noise, seed), [points, noise, seed]);
  const fitted = useMemo(() => fits(sample, degree), [sample, degree]);
  const errorsAt = (at: number): Errors => {
    const fit = fitted(at);
    return { strength: at, training: trainingError(sample, fit), test: testError(fit, noise) };
  };
  const curve = useMemo(() => STRENGTHS.map(errorsAt), [fitted]);
  const best = curve.reduce((least, errors) => (errors.test < least.test ? errors : least));
  const now = errorsAt(strength);
  return (
    <>
      <div class="charts">
        <FitChart sample={sample} fit={fitted(strength)} degree={degree} />
        <ErrorChart curve={curve} now={now} onChange={setStrength} />
      </div>
      <Key />
      <Reading words={reading(now, best)} />
      <div class="controls">
        <Slider
          label="Strength λ"
          {...STRENGTH}
          step={STEP}
          logarithmic
          value={strength}
          format={(value) => plainNumber(value, 2)}
          onChange={setStrength}
        />
        <Slider label="Degree of the polynomial" {...DEGREE} step={1} value={degree} onChange={setDegree} />
      </div>
      <div class="figure-actions">
        <button type="button" class="button quiet small" onClick={() => setSeed((seed + 1) % SEEDS)}>
          <Again /> Other points
        </button>
      </div>
      <NumbersTable
        title={`Errors of degree ${degree}. Test: expected squared error on new noisy points, from 201 places`}
        columns={["λ", "Training MSE", "Test MSE"]}
        rows={[now, ...DECADES.map(errorsAt)].map(({ strength: at, training, test }) => [
          plainNumber(at, 2),
          decimals(training, 3),
          decimals(test, 3),
        ])}
      />
    </>
  );
}

const ACROSS: Axis = { low: -1, high: 1 };
/** The truth has room in any case, and so has every point. */
const up = ({ y }: Sample): Axis => padded(extentOf([-1.6, 1.6, ...y]));

interface FitChartProps {
  sample: Sample;
  fit: Fit;
  degree: number;
}

function FitChart({ sample, fit, degree }: FitChartProps) {
  const line = (plot: Plot, height: Fit) =>
    pathThrough(PLACES.map((x) => [plot.x(x), bounded(plot.y(height(x)))]));
  return (
    <Chart
      label={`${sample.x.length} noisy points, the curve that they come from, and a polynomial of degree ${degree}`}
      x={ACROSS}
      y={up(sample)}
      yLabel="y"
      xLabel="x"
      height={tall}
      margin={{ left: 30 }}
    >
      {(plot) => (
        <>
          <Clip plot={plot}>
            <path class="figure-curve" data-series="1" d={line(plot, truth)} />
            <path class="figure-curve" data-series="0" d={line(plot, fit)} />
            {sample.x.map((x, at) => (
              <circle key={at} class="sample-dot" cx={plot.x(x)} cy={plot.y(sample.y[at] ?? 0)} r="4" />
            ))}
          </Clip>
        </>
      )}
    </Chart>
  );
}

const tall = (width: number): number => Math.min(270, 120 + width / 2.2);

/** A steep fit leaves the frame; renderers stumble over places that are millions of pixels away. */
const bounded = (y: number): number => Math.min(Math.max(y, -5000), 5000);

interface ErrorChartProps {
  curve: Errors[];
  now: Errors;
  onChange: (strength: number) => void;
}

/** Errors beyond this multiple of that of the strongest penalty are cut off: a valley is seen, not a cliff. */
const HIGHEST = 2;

function ErrorChart({ curve, now, onChange }: ErrorChartProps) {
  const highest = Math.max(...curve.flatMap(({ training, test }) => [training, test]));
  const shown = Math.min(highest, HIGHEST * (curve.at(-1)?.test ?? highest));
  const line = (plot: Plot, error: (errors: Errors) => number) =>
    pathThrough(curve.map((errors) => [plot.x(errors.strength), bounded(plot.y(error(errors)))]));
  return (
    <Chart
      label="Training and test error against λ"
      x={{ ...STRENGTH, logarithmic: true }}
      y={padded({ low: 0, high: shown })}
      yLabel="MSE"
      xLabel="λ"
      height={tall}
      margin={{ left: 34, right: 16 }}
      hasHandles
    >
      {(plot) => (
        <>
          <Decoration>
            <Clip plot={plot}>
              <path class="figure-curve" data-series="2" d={line(plot, ({ training }) => training)} />
              <path class="figure-curve" data-series="3" d={line(plot, ({ test }) => test)} />
              <circle
                class="line-dot"
                data-series="2"
                cx={plot.x(now.strength)}
                cy={plot.y(now.training)}
                r="5"
              />
              <path
                class="line-dot"
                data-series="3"
                d="M0-6.5 6.5 0 0 6.5-6.5 0Z"
                transform={`translate(${plot.x(now.strength)} ${bounded(plot.y(now.test))})`}
              />
            </Clip>
          </Decoration>
          <Cursor
            label="λ"
            plot={plot}
            value={now.strength}
            {...STRENGTH}
            step={STEP * 5}
            logarithmic
            words={plainNumber(now.strength, 2)}
            onChange={onChange}
          />
        </>
      )}
    </Chart>
  );
}

const Key = () => (
  <Legend>
    <LineEntry series={0}>fit</LineEntry>
    <LineEntry series={1}>truth</LineEntry>
    <Entry sample={<circle class="sample-dot" cx="14" cy="6" r="4" />}>points</Entry>
    <LineEntry series={2}>training MSE</LineEntry>
    <LineEntry series={3}>test MSE (new points)</LineEntry>
  </Legend>
);

const WORDS: Record<Balance, string> = {
  overfit: "Overfit: λ is too small, and the fit follows the noise.",
  balanced: "Balanced: the test error is within a tenth of its minimum.",
  underfit: "Underfit: λ is too large, and the fit is too flat.",
};

/** What the errors at λ say, beside the smallest test error on the way. */
export function reading(now: Errors, best: Errors): string {
  const kind = balance(now.strength, now.test, { strength: best.strength, error: best.test });
  return `${WORDS[kind]} Training MSE ${decimals(now.training)}, test MSE ${decimals(now.test)}; the smallest test MSE is ${decimals(best.test)}, at λ\u00a0=\u00a0${plainNumber(best.strength, 2)}.`;
}
