import { useMemo } from "preact/hooks";
import type { Point } from "../components/geometry";
import { extentOf, padded } from "../figures/scale";
import {
  type Course,
  type Curve,
  courseOf,
  endOf,
  parabola,
  type Step,
  twoValleys,
  walk,
} from "../numbers/walk";
import { amount, percent } from "./parts/amounts";
import { Chart } from "./parts/Chart";
import { Clip } from "./parts/Clip";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Handle } from "./parts/Handle";
import { Entry, Legend } from "./parts/Legend";
import { polyline, spaced } from "./parts/lines";
import { useLinkedNumber } from "./parts/linked";
import { NumbersTable } from "./parts/NumbersTable";
import { PlayButtons } from "./parts/PlayButtons";
import { usePlay } from "./parts/play";
import { type Plot, plainNumber } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { FINE, roundStop } from "./parts/stops";
import type { IllustrationProps } from "./plug";

export interface DescentCurveSettings {
  loss: "parabola" | "two-valleys";
  curvature: number;
  rate: number;
  start: number;
  steps: number;
}

const VIEW = { low: -3.2, high: 3.2 };
const START = { low: -3, high: 3 };
const RATE = { low: 0.001, high: 3 };
const CURVATURE = { low: 0.1, high: 10 };

/** The steps of gradient descent on a loss over one weight. */
export function DescentCurve({ settings, id }: IllustrationProps<DescentCurveSettings>) {
  const [curvature, setCurvature] = useLinkedNumber(id, "curvature", CURVATURE, settings.curvature);
  const [rate, setRate] = useLinkedNumber(id, "rate", RATE, settings.rate);
  const [start, setStart] = useLinkedNumber(id, "start", START, settings.start);
  const play = usePlay(settings.steps);
  const isParabola = settings.loss === "parabola";
  const curve = useMemo(() => (isParabola ? parabola(curvature) : twoValleys()), [isParabola, curvature]);
  const path = walk(curve, rate, start, play.shown);
  return (
    <>
      <Chart
        label="The loss over one weight, with the steps of gradient descent"
        x={VIEW}
        y={padded(extentOf(spaced(START.low, START.high, 61).map(curve.loss)), 0.08)}
        xLabel="weight w"
        yLabel="loss"
        height={(width) => Math.min(360, 190 + width / 4)}
        hasHandles
      >
        {(plot) => (
          <>
            <Drawing plot={plot} curve={curve} path={path} isCompared={isParabola && curvature !== 1} />
            <Start plot={plot} curve={curve} start={start} onMove={setStart} />
          </>
        )}
      </Chart>
      <Legend>
        <Entry sample={<circle class="walk-start" cx="14" cy="6" r="5" />}>start, to be dragged</Entry>
        <Entry sample={<circle class="walk-now" cx="14" cy="6" r="5" />}>
          the last step, with its tangent
        </Entry>
        {isParabola && curvature !== 1 && (
          <Entry sample={<path class="walk-compared" d="M0 6H28" />}>curvature 1, to compare</Entry>
        )}
      </Legend>
      <Reading words={isParabola ? ofParabola(rate, curvature, path) : ofValleys(curve, rate, path)} />
      <div class="controls">
        <Slider
          label="Learning rate"
          {...RATE}
          value={rate}
          step={FINE}
          logarithmic
          format={plainNumber}
          onChange={(value) => setRate(roundStop(value))}
        />
        {isParabola && (
          <Slider
            label="Curvature h"
            {...CURVATURE}
            value={curvature}
            step={FINE}
            logarithmic
            format={plainNumber}
            onChange={(value) => setCurvature(roundStop(value))}
          />
        )}
        <Slider label="Start" {...START} value={start} step={0.05} onChange={setStart} />
        <div class="figure-actions">
          <PlayButtons play={play} />
          {isParabola && <SpecialRates curvature={curvature} onChange={setRate} />}
          <CopyLink id={id} state={isParabola ? { curvature, rate, start } : { rate, start }} />
        </div>
      </div>
      <NumbersTable
        title="The steps"
        columns={["Step", "w", "Slope", "Loss"]}
        rows={path.map(({ w, slope, loss }, step) => [`${step}`, ...[w, slope, loss].map(amount)])}
      />
    </>
  );
}

/** Rates that a slider meets only by luck. */
function SpecialRates({ curvature, onChange }: { curvature: number; onChange: (rate: number) => void }) {
  const rates = [
    ["Rate 1/h: one step", 1 / curvature],
    ["Rate 2/h: the limit", 2 / curvature],
  ] as const;
  return (
    <div class="figure-buttons">
      {rates.map(([words, rate]) => (
        <button
          key={words}
          type="button"
          class="button quiet small"
          disabled={rate > RATE.high}
          onClick={() => onChange(rate)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

interface DrawingProps {
  plot: Plot;
  curve: Curve;
  path: Step[];
  isCompared: boolean;
}

function Drawing({ plot, curve, path, isCompared }: DrawingProps) {
  const line = ({ loss }: Curve) =>
    polyline(spaced(VIEW.low, VIEW.high, 161).map((w) => plot.place({ x: w, y: loss(w) })));
  const points = path.slice(0, seen(path)).map(({ w, loss }) => plot.place({ x: w, y: loss }));
  const hasLeft = points.length < path.length;
  const leaving = path[points.length];
  const hops = leaving ? [...points, plot.place({ x: leaving.w, y: leaving.loss })] : points;
  return (
    <Decoration>
      <Clip plot={plot}>
        {isCompared && <path class="walk-compared" d={line(parabola(1))} />}
        <path class="figure-curve" d={line(curve)} />
        <Tangent plot={plot} step={hasLeft ? undefined : path.at(-1)} />
        {hops.slice(1).map((to, index) => (
          <path key={index} class="walk-hop" d={hop(hops[index] ?? to, to)} />
        ))}
      </Clip>
      {points.map(({ x, y }, index) => (
        <circle
          key={index}
          class={index === points.length - 1 && !hasLeft ? "walk-now" : "walk-point"}
          cx={x}
          cy={y}
          r={index === points.length - 1 && !hasLeft ? 6.5 : 3.5}
        />
      ))}
      {leaving && <Leaving plot={plot} step={points.length} isLeft={leaving.w < 0} />}
    </Decoration>
  );
}

/** How many points stand in the picture before the first that does not. */
function seen(path: readonly Step[]): number {
  const outside = path.findIndex(({ w }) => w < VIEW.low || w > VIEW.high);
  return outside < 0 ? path.length : outside;
}

/** A bow from point to point, as a ball hops. */
function hop(from: Point, to: Point): string {
  const lift = Math.min(Math.max(Math.abs(to.x - from.x) * 0.3, 5), 50);
  const top = Math.max(Math.min(from.y, to.y) - lift, -200);
  return `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${((from.x + to.x) / 2).toFixed(1)} ${top.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`;
}

const TANGENT = 54;

function Tangent({ plot, step }: { plot: Plot; step: Step | undefined }) {
  if (!step) return null;
  const at = plot.place({ x: step.w, y: step.loss });
  const ahead = plot.place({ x: step.w + 1, y: step.loss + step.slope });
  const length = Math.hypot(ahead.x - at.x, ahead.y - at.y);
  const [dx, dy] = [((ahead.x - at.x) / length) * TANGENT, ((ahead.y - at.y) / length) * TANGENT];
  return <path class="walk-tangent" d={`M${at.x - dx} ${at.y - dy}L${at.x + dx} ${at.y + dy}`} />;
}

function Leaving({ plot, step, isLeft }: { plot: Plot; step: number; isLeft: boolean }) {
  const { left, right, top } = plot.area;
  return (
    <text
      class="on-lines strong"
      x={isLeft ? left + 6 : right - 6}
      y={top + 16}
      text-anchor={isLeft ? "start" : "end"}
    >
      {isLeft ? `↖ step ${step} leaves` : `step ${step} leaves ↗`}
    </text>
  );
}

interface StartProps {
  plot: Plot;
  curve: Curve;
  start: number;
  onMove: (start: number) => void;
}

function Start({ plot, curve, start, onMove }: StartProps) {
  const loss = curve.loss(start);
  return (
    <Handle
      label="Start"
      at={{ x: start, y: loss }}
      low={{ x: START.low, y: loss }}
      high={{ x: START.high, y: loss }}
      step={0.1}
      place={plot.place}
      unplace={plot.unplace}
      words={`w = ${amount(start)}, loss ${amount(loss)}`}
      onMove={({ x }) => onMove(Number(x.toFixed(2)))}
    />
  );
}

function ofParabola(rate: number, curvature: number, path: readonly Step[]): string {
  const product = rate * curvature;
  const course = COURSES[courseOf(rate, curvature)](Math.abs(1 - product));
  return `lr · h = ${amount(product)}: ${course} ${soFar(path)}`;
}

const COURSES: Record<Course, (factor: number) => string> = {
  creeps: (factor) =>
    `each step keeps ${percent(factor)} of the distance, and the walk comes in from one side.`,
  arrives: () => "one step arrives at the lowest point.",
  jumps: (factor) =>
    `each step jumps across the lowest point and keeps ${percent(factor)} of the distance, so it still arrives.`,
  swings: () => "the walk swings between two points forever.",
  diverges: (factor) =>
    `each step jumps across and lands ${amount(factor)} times as far away. The walk diverges.`,
};

function soFar(path: readonly Step[]): string {
  const last = path.at(-1);
  if (!last || path.length === 1) return "";
  if (seen(path) < path.length) return `After step ${seen(path)} it is out of the picture.`;
  return `After ${path.length - 1} ${path.length === 2 ? "step" : "steps"} the loss is ${amount(last.loss)}.`;
}

const SIDES = ["left", "right"];

function ofValleys(curve: Curve, rate: number, path: readonly Step[]): string {
  const start = path[0]?.w ?? 0;
  const end = endOf(curve, rate, start);
  if (end === "far") return `At this rate the walk climbs out of the picture: it diverges. ${soFar(path)}`;
  if (end === "nowhere")
    return `At this rate the walk never comes to rest: it keeps jumping about. ${soFar(path)}`;
  const deepest = Math.min(...curve.valleys.map(({ loss }) => loss));
  const depth = curve.valleys[end]?.loss === deepest ? "the deeper one" : "not the deeper one";
  const home = start < (curve.hill ?? 0) ? 0 : 1;
  const jumped = home === end ? "" : " It has jumped over the hill.";
  return `The walk ends in the ${SIDES[end]} valley, ${depth}.${jumped} ${soFar(path)}`;
}
