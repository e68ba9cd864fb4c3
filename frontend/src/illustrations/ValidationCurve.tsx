import { useMemo, useState } from "preact/hooks";
import { Html } from "../components/Html";
import { pathThrough } from "../figures/Curve";
import { extentOf, padded } from "../figures/scale";
import { plainText } from "../interactions/plain";
import { type Choice, choose } from "../numbers/validation";
import { Chart } from "./parts/Chart";
import { Choices } from "./parts/Choices";
import { Decoration } from "./parts/Decoration";
import { Handle } from "./parts/Handle";
import { Entry, Legend } from "./parts/Legend";
import { NumbersTable } from "./parts/NumbersTable";
import { type Axis, type Plot, plainNumber } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import type { IllustrationProps } from "./plug";

type Rule = "minimum" | "one-standard-error";

interface Losses {
  strengths: number[];
  training: number[];
  validation: number[];
  errors: number[];
}

interface Settings extends Losses {
  rule: Rule;
  /** HTML. */
  axis: string;
}

const RULES: readonly (readonly [Rule, string])[] = [
  ["minimum", "Minimum"],
  ["one-standard-error", "One standard error"],
];

/** Training and validation loss over a grid of strengths, and which of them a rule takes. */
export function ValidationCurve({ settings, id }: IllustrationProps<Settings>) {
  const losses = useMemo(() => ascending(settings), [settings]);
  const choice = useMemo(() => choose(losses), [losses]);
  const [rule, setRule] = useState(settings.rule);
  const [place, setPlace] = useState(choice.minimum);
  const axis = plainText(settings.axis);
  const name = (at: number) => `${axis} = ${plainNumber(losses.strengths[at] ?? 0)}`;
  return (
    <>
      <Choices label="Rule" name={`${id}-rule`} options={RULES} value={rule} onChange={setRule} />
      <Chart
        label={`Training and validation loss against ${axis}`}
        x={across(losses.strengths)}
        y={padded(heights(losses))}
        yLabel="Loss"
        xLabel={<Html html={settings.axis} />}
        margin={{ left: 36, right: 20 }}
        hasHandles
      >
        {(plot) => (
          <>
            <Decoration>
              <RuleMarks plot={plot} losses={losses} choice={choice} rule={rule} />
              <path
                class="cursor"
                d={`M${plot.x(losses.strengths[place] ?? 1)} ${plot.area.top}V${plot.area.bottom}`}
              />
              <Lines plot={plot} losses={losses} />
            </Decoration>
            <Handle
              label={axis}
              at={{ x: place, y: 0 }}
              low={{ x: 0, y: 0 }}
              high={{ x: losses.strengths.length - 1, y: 0 }}
              step={1}
              place={({ x }) => ({ x: plot.x(losses.strengths[x] ?? 1), y: plot.area.bottom })}
              unplace={(at) => ({ x: nearest(losses.strengths, plot.unplace(at).x), y: 0 })}
              words={name(place)}
              onMove={({ x }) => setPlace(x)}
            />
          </>
        )}
      </Chart>
      <Key rule={rule} />
      <Reading words={reading(losses, choice, place, axis)} />
      <div class="controls">
        <Slider
          label={`Look at ${axis}`}
          value={place}
          low={0}
          high={losses.strengths.length - 1}
          step={1}
          format={(at) => plainNumber(losses.strengths[at] ?? 0)}
          onChange={setPlace}
        />
      </div>
      <NumbersTable
        title={`The minimum rule takes ${name(choice.minimum)}, the one-standard-error rule ${name(choice.simplest)}`}
        columns={[axis, "Training loss", "Validation loss", "Standard error"]}
        rows={losses.strengths.map((strength, at) => [
          plainNumber(strength),
          ...[losses.training, losses.validation, losses.errors].map((values) =>
            plainNumber(values[at] ?? 0, 4),
          ),
        ])}
      />
    </>
  );
}

/** The grid from the smallest strength to the largest. */
function ascending({ strengths, training, validation, errors }: Losses): Losses {
  const order = strengths.map((_, at) => at).sort((a, b) => (strengths[a] ?? 0) - (strengths[b] ?? 0));
  const sorted = (values: number[]) => order.map((at) => values[at] ?? 0);
  return {
    strengths: sorted(strengths),
    training: sorted(training),
    validation: sorted(validation),
    errors: sorted(errors),
  };
}

/** Air on both sides, so that no mark lies on the frame. */
const AIR = 1.3;
const MOST_MARKS = 8;

function across(strengths: number[]): Axis {
  const [low = 1, high = 1] = [strengths[0], strengths.at(-1)];
  const axis = { low: low / AIR, high: high * AIR, logarithmic: true };
  return strengths.length <= MOST_MARKS ? { ...axis, ticks: strengths } : axis;
}

const heights = ({ training, validation, errors }: Losses) =>
  extentOf([
    ...training,
    ...validation.flatMap((loss, at) => [loss - (errors[at] ?? 0), loss + (errors[at] ?? 0)]),
  ]);

function nearest(strengths: readonly number[], value: number): number {
  const far = (at: number) => Math.abs(Math.log((strengths[at] ?? 1) / value));
  return strengths.reduce((best, _, at) => (far(at) < far(best) ? at : best), 0);
}

const CIRCLE = "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z";
const DIAMOND = "M0-6 6 0 0 6-6 0Z";

function Lines({ plot, losses }: { plot: Plot; losses: Losses }) {
  const { strengths, training, validation, errors } = losses;
  const series = [
    { values: training, shape: CIRCLE },
    { values: validation, shape: DIAMOND },
  ];
  return (
    <>
      {validation.map((loss, at) => {
        const [x, half] = [plot.x(strengths[at] ?? 1), errors[at] ?? 0];
        const [low, high] = [plot.y(loss - half), plot.y(loss + half)];
        return (
          <path
            key={at}
            class="error-bar"
            d={`M${x} ${low}V${high}M${x - 5} ${low}h10M${x - 5} ${high}h10`}
          />
        );
      })}
      {series.map(({ values, shape }, index) => (
        <g key={index}>
          <path
            class="figure-curve"
            data-series={index}
            d={pathThrough(values.map((loss, at) => [plot.x(strengths[at] ?? 1), plot.y(loss)]))}
          />
          {values.map((loss, at) => (
            <path
              key={at}
              class="line-dot"
              data-series={index}
              d={shape}
              transform={`translate(${plot.x(strengths[at] ?? 1)} ${plot.y(loss)})`}
            />
          ))}
        </g>
      ))}
    </>
  );
}

interface RuleMarksProps {
  plot: Plot;
  losses: Losses;
  choice: Choice;
  rule: Rule;
}

/** The strength that the rule takes, and for the rule of one standard error its bar. */
function RuleMarks({ plot, losses, choice, rule }: RuleMarksProps) {
  const taken = rule === "minimum" ? choice.minimum : choice.simplest;
  const x = plot.x(losses.strengths[taken] ?? 1);
  const { left, right, top, bottom } = plot.area;
  return (
    <>
      <rect class="taken" x={x - TAKEN / 2} y={top} width={TAKEN} height={bottom - top} />
      {rule === "one-standard-error" && (
        <path class="bar-line" d={`M${left} ${plot.y(choice.bar)}H${right}`} />
      )}
    </>
  );
}

const TAKEN = 26;

const Key = ({ rule }: { rule: Rule }) => (
  <Legend>
    <Entry
      sample={
        <>
          <path class="figure-curve" data-series="0" d="M0 6H28" />
          <path class="line-dot" data-series="0" d={CIRCLE} transform="translate(14 6)" />
        </>
      }
    >
      training
    </Entry>
    <Entry
      sample={
        <>
          <path class="figure-curve" data-series="1" d="M0 6H28" />
          <path class="line-dot" data-series="1" d={DIAMOND} transform="translate(14 6)" />
        </>
      }
    >
      validation, ± one standard error
    </Entry>
    <Entry sample={<rect class="taken" x="2" width="24" height="12" />}>taken by the rule</Entry>
    {rule === "one-standard-error" && (
      <Entry sample={<path class="bar-line" d="M0 6H28" />}>minimum + standard error</Entry>
    )}
  </Legend>
);

/** What the losses at a place of the grid say, and what the rules take. */
export function reading(losses: Losses, choice: Choice, place: number, axis: string): string {
  const { strengths, training, validation, errors } = losses;
  const name = (at: number) => `${axis}\u00a0=\u00a0${plainNumber(strengths[at] ?? 0)}`;
  const here = `${name(place)} ${judged(losses, choice, place)}: training ${plainNumber(training[place] ?? 0)}, validation ${plainNumber(validation[place] ?? 0)}\u00a0±\u00a0${plainNumber(errors[place] ?? 0)}.`;
  const rules =
    choice.minimum === choice.simplest
      ? `Both rules take ${name(choice.minimum)}.`
      : `The minimum rule takes ${name(choice.minimum)}; the one-standard-error rule ${name(choice.simplest)}, the largest with a loss of at most ${plainNumber(choice.bar)}.`;
  const isAtTheEnd = choice.minimum === 0 || choice.minimum === strengths.length - 1;
  return isAtTheEnd
    ? `${here} ${rules} The minimum is at the end of the grid: extend it.`
    : `${here} ${rules}`;
}

function judged({ validation }: Losses, { minimum, bar }: Choice, place: number): string {
  if (place === minimum) return "has the smallest validation loss";
  if ((validation[place] ?? 0) <= bar) return "is within one standard error of the minimum";
  return place < minimum ? "is too small, overfitting" : "is too large, underfitting";
}
