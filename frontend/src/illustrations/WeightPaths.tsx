import { useState } from "preact/hooks";
import { pathThrough } from "../figures/Curve";
import { extentOf, padded } from "../figures/scale";
import { COLUMNS, FEATURES, HOUSES } from "../numbers/houses";
import { lasso, lassoPath, problemOf, ridge } from "../numbers/paths";
import { Chart } from "./parts/Chart";
import { Choices } from "./parts/Choices";
import { Cursor } from "./parts/Cursor";
import { Decoration } from "./parts/Decoration";
import { NumbersTable } from "./parts/NumbersTable";
import { type Axis, decimals, type Plot, plainNumber, spread } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { decadesBetween } from "./parts/sampling";
import type { IllustrationProps } from "./plug";

type Shown = "ridge" | "lasso" | "both";

interface Settings {
  penalty: Shown;
  strength: number;
}

type Method = "ridge" | "lasso";

const NAMES: readonly (readonly [Shown, string])[] = [
  ["both", "Both"],
  ["ridge", "Ridge"],
  ["lasso", "Lasso"],
];

const STRENGTH = { low: 0.0001, high: 100 };
const STEP = 0.02;

const PROBLEM = problemOf(HOUSES);
const KNOTS = lassoPath(PROBLEM);
const WEIGHTS: Record<Method, (strength: number) => number[]> = {
  ridge: (strength) => ridge(PROBLEM, strength),
  lasso: (strength) => lasso(KNOTS, strength),
};

/** The knots are among them, so that each line meets zero where it does. */
const STRENGTHS = [
  ...decadesBetween(STRENGTH.low, STRENGTH.high, 181),
  ...KNOTS.map(({ strength }) => strength).filter((strength) => strength > STRENGTH.low),
].sort((a, b) => a - b);
const LINES: Record<Method, number[][]> = {
  ridge: STRENGTHS.map(WEIGHTS.ridge),
  lasso: STRENGTHS.map(WEIGHTS.lasso),
};

const X: Axis = { ...STRENGTH, logarithmic: true };
const Y: Axis = padded(extentOf([...LINES.ridge, ...LINES.lasso].flat()), 0.08);

/** The weights of a small regression along λ, for ridge and lasso. */
export function WeightPaths({ settings, id }: IllustrationProps<Settings>) {
  const [shown, setShown] = useState(settings.penalty);
  const [strength, setStrength] = useState(settings.strength);
  const methods: Method[] = shown === "both" ? ["ridge", "lasso"] : [shown];
  return (
    <>
      <Choices label="Method" name={`${id}-method`} options={NAMES} value={shown} onChange={setShown} />
      {methods.map((method) => (
        <Paths key={method} method={method} strength={strength} onChange={setStrength} />
      ))}
      <Reading words={reading(methods, strength)} />
      <div class="controls">
        <Slider
          label="Strength λ"
          {...STRENGTH}
          step={STEP}
          logarithmic
          value={strength}
          format={(value) => plainNumber(value)}
          onChange={setStrength}
        />
      </div>
      <NumbersTable
        title={`Weights at λ = ${plainNumber(strength)}: standardized features, price in 100,000 dollars`}
        columns={["Feature", "Ridge", "Lasso"]}
        rows={weightRows(strength)}
      />
      <NumbersTable
        summary="The twelve houses"
        title="Twelve invented houses. Before the fit each feature is standardized."
        columns={["House", ...COLUMNS]}
        rows={HOUSES.map((house, at) => [String(at + 1), ...house.map((value) => String(value))])}
      />
    </>
  );
}

const TITLES: Record<Method, string> = { ridge: "Ridge: MSE + λ Σ w²", lasso: "Lasso: MSE + λ Σ |w|" };

/** The names of the lines stand before their beginnings; the numbers of the axis are on the other side. */
const MARGIN = { left: 72, right: 36, top: 8, bottom: 26 };
const GAP = 15;

interface PathsProps {
  method: Method;
  strength: number;
  onChange: (strength: number) => void;
}

function Paths({ method, strength, onChange }: PathsProps) {
  return (
    <Chart
      label={`Weights of ${method} along λ`}
      x={X}
      y={Y}
      yLabel={<strong>{TITLES[method]}</strong>}
      xLabel="λ"
      height={(width) => Math.min(230, 130 + width / 5)}
      margin={MARGIN}
      numbersOnTheRight
      hasHandles
    >
      {(plot) => (
        <>
          <Cursor
            label={`λ of ${method}`}
            plot={plot}
            value={strength}
            {...STRENGTH}
            step={STEP * 5}
            logarithmic
            words={plainNumber(strength)}
            onChange={onChange}
          />
          <Lines plot={plot} method={method} strength={strength} />
        </>
      )}
    </Chart>
  );
}

function Lines({ plot, method, strength }: { plot: Plot; method: Method; strength: number }) {
  const lines = LINES[method];
  const now = WEIGHTS[method](strength);
  const labels = spread(
    (lines[0] ?? []).map((weight) => plot.y(weight)),
    GAP,
    plot.area.top + 6,
    plot.area.bottom - 4,
  );
  return (
    <Decoration>
      {FEATURES.map((name, feature) => (
        <g key={name}>
          <path
            class="figure-curve"
            data-series={feature}
            d={pathThrough(STRENGTHS.map((at, row) => [plot.x(at), plot.y(lines[row]?.[feature] ?? 0)]))}
          />
          <text
            class="line-name"
            data-series={feature}
            x={plot.area.left - 7}
            y={(labels[feature] ?? 0) + 4}
            text-anchor="end"
          >
            {name}
          </text>
          {now[feature] !== 0 && (
            <circle
              class="line-dot"
              data-series={feature}
              cx={plot.x(strength)}
              cy={plot.y(now[feature] ?? 0)}
              r="4.5"
            />
          )}
        </g>
      ))}
      {now.includes(0) && (
        <path
          class="line-zero"
          d="M0-6.5 6.5 0 0 6.5-6.5 0Z"
          transform={`translate(${plot.x(strength)} ${plot.y(0)})`}
        />
      )}
    </Decoration>
  );
}

const weightRows = (strength: number): string[][] => {
  const [byRidge, byLasso] = [WEIGHTS.ridge(strength), WEIGHTS.lasso(strength)];
  const cell = (weight: number | undefined) => (weight === 0 ? "0 (exactly)" : precise(weight ?? 0));
  return FEATURES.map((name, feature) => [name, cell(byRidge[feature]), cell(byLasso[feature])]);
};

const precise = (weight: number): string =>
  Math.abs(weight) < 0.0005 ? plainNumber(weight, 1) : decimals(weight, 3);

/** Which weights are exactly zero at λ, in words. */
export function reading(methods: readonly Method[], strength: number): string {
  const found = methods.map((method) => `${METHODS[method]}: ${zeros(WEIGHTS[method](strength))}.`);
  return `λ\u00a0=\u00a0${plainNumber(strength)}. ${found.join(" ")}`;
}

const METHODS: Record<Method, string> = { ridge: "Ridge", lasso: "Lasso" };

function zeros(weights: readonly number[]): string {
  const names = FEATURES.filter((_, feature) => weights[feature] === 0);
  if (names.length === 0) return "no weight is zero";
  if (names.length === FEATURES.length) return "all weights are exactly zero";
  const last = names.at(-1) ?? "";
  const listed = names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
  return `${listed} ${names.length === 1 ? "is" : "are"} exactly zero`;
}
