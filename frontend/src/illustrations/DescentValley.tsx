import type { Point } from "../components/geometry";
import { bestPair, bestRate, descend, lossAt, rateLimit, slowest, TILT } from "../numbers/valley";
import { amount } from "./parts/amounts";
import { Grid } from "./parts/Chart";
import { Clip } from "./parts/Clip";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Handle } from "./parts/Handle";
import { Legend, LineEntry } from "./parts/Legend";
import { polyline } from "./parts/lines";
import { useLinkedNumber } from "./parts/linked";
import { Note } from "./parts/Note";
import { NumbersTable } from "./parts/NumbersTable";
import { PlayButtons } from "./parts/PlayButtons";
import { usePlay } from "./parts/play";
import { decimals, type Plot, plainNumber, plotOf } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { Stage } from "./parts/Stage";
import { FINE, roundStop } from "./parts/stops";
import type { IllustrationProps } from "./plug";

export interface DescentValleySettings {
  condition: number;
  rate: number;
  momentum: number;
  start: [number, number];
  steps: number;
}

const MARGIN = { left: 34, right: 8, top: 8, bottom: 26 };
/** What is seen up and down; to the sides as much as there is room. */
const REACH = 3.2;
const START = { low: -3, high: 3 };
const RATE = { low: 0.001, high: 1 };
const MOMENTUM = { low: 0, high: 0.99 };
const CONDITION = { low: 1, high: 100 };

/** Paths down a narrow valley, with and without momentum. */
export function DescentValley({ settings, id }: IllustrationProps<DescentValleySettings>) {
  const [condition, setCondition] = useLinkedNumber(id, "condition", CONDITION, settings.condition);
  const [rate, setRate] = useLinkedNumber(id, "rate", RATE, settings.rate);
  const [momentum, setMomentum] = useLinkedNumber(id, "momentum", MOMENTUM, settings.momentum);
  const [x, setX] = useLinkedNumber(id, "x", START, settings.start[0]);
  const [y, setY] = useLinkedNumber(id, "y", START, settings.start[1]);
  const start = { x, y };
  const setStart = (to: Point) => {
    setX(to.x);
    setY(to.y);
  };
  const play = usePlay(settings.steps, 120);
  const takeBestPair = () => {
    const best = bestPair(condition);
    setRate(best.rate);
    setMomentum(best.momentum);
  };
  const bowl = { condition, rate, start, steps: play.shown };
  const walked = (points: readonly Point[], memory: number): Walked => ({
    points,
    diverges: slowest(condition, rate, memory) > 1 + 1e-9,
  });
  const plain = descend({ ...bowl, momentum: 0 });
  const heavy = descend({ ...bowl, momentum });
  return (
    <>
      <Stage
        label="Level lines of the loss over two weights, with two paths"
        height={(width) => Math.min(width, 400)}
        hasHandles
      >
        {(width, height) => {
          const plot = plotFor(width, height);
          return (
            <>
              <Terrain
                plot={plot}
                condition={condition}
                paths={[walked(plain, 0), walked(heavy, momentum)]}
              />
              <Start plot={plot} condition={condition} start={start} onMove={setStart} />
            </>
          );
        }}
      </Stage>
      <Legend>
        <LineEntry series={0}>{named("without momentum", plain, condition)}</LineEntry>
        <LineEntry series={1}>{named(`with momentum ${plainNumber(momentum)}`, heavy, condition)}</LineEntry>
      </Legend>
      <Reading words={inWords(condition, rate, momentum, plain, heavy)} />
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
        <Slider
          label="Momentum β"
          {...MOMENTUM}
          step={0.01}
          value={momentum}
          format={plainNumber}
          onChange={setMomentum}
        />
        <Slider
          label="Condition number κ"
          {...CONDITION}
          value={condition}
          step={FINE}
          logarithmic
          format={plainNumber}
          onChange={(value) => setCondition(roundStop(value))}
        />
        <div class="figure-actions">
          <PlayButtons play={play} />
          <div class="figure-buttons">
            <button type="button" class="button quiet small" onClick={() => setRate(bestRate(condition))}>
              Best rate without momentum
            </button>
            <button type="button" class="button quiet small" onClick={takeBestPair}>
              Best pair with momentum
            </button>
          </div>
          <CopyLink id={id} state={{ condition, rate, momentum, x, y }} />
        </div>
      </div>
      <Note>
        The loss is ½ (u² + κ v²), with u along the valley and v across it. Without momentum the best fixed
        rate is 2/(1 + κ) = {plainNumber(bestRate(condition))}, and the limit is 2/κ ={" "}
        {plainNumber(rateLimit(condition, 0))}. With momentum the limit is 2 (1 + β)/κ ={" "}
        {plainNumber(rateLimit(condition, momentum))}.
      </Note>
      <NumbersTable
        title="The two paths"
        columns={["Step", "w₁ without", "w₂ without", "Loss without", "w₁ with", "w₂ with", "Loss with"]}
        rows={Array.from({ length: Math.max(plain.length, heavy.length) }, (_, step) => [
          `${step}`,
          ...[plain[step], heavy[step]].flatMap((at) => cells(at, condition)),
        ])}
      />
    </>
  );
}

/** One unit is as long across as it is up, so that the valley keeps its shape. */
function plotFor(width: number, height: number): Plot {
  const scale = (height - MARGIN.top - MARGIN.bottom) / (2 * REACH);
  const across = (width - MARGIN.left - MARGIN.right) / scale / 2;
  return plotOf({ low: -across, high: across }, { low: -REACH, high: REACH }, width, height, MARGIN);
}

const cells = (at: Point | undefined, condition: number): string[] =>
  at ? [amount(at.x), amount(at.y), amount(lossAt(condition, at))] : ["–", "–", "–"];

/** So far out that the rest of a path cannot come back into sight in this figure. */
const OUT_OF_SIGHT = 60;
const isGone = ({ x, y }: Point): boolean => Math.hypot(x, y) > OUT_OF_SIGHT;

function named(words: string, path: readonly Point[], condition: number): string {
  const last = path.at(-1);
  if (!last || isGone(last)) return `${words}: out of the picture`;
  return `${words}: loss ${amount(lossAt(condition, last))}`;
}

interface Walked {
  points: readonly Point[];
  diverges: boolean;
}

interface TerrainProps {
  plot: Plot;
  condition: number;
  /** Without and with momentum. */
  paths: readonly [Walked, Walked];
}

/** Half the axes of level lines that are seen: each is half as long again as the one within. */
const levelsOf = (condition: number): Point[] =>
  Array.from({ length: 14 }, (_, index) => 0.5 * 1.5 ** index)
    .map((half) => ({ x: half, y: half / Math.sqrt(condition) }))
    .filter(({ y }) => y < 2 * REACH);

function Terrain({ plot, condition, paths }: TerrainProps) {
  const center = plot.place({ x: 0, y: 0 });
  const unit = plot.x(1) - plot.x(0);
  const extent = (from: number, to: number) => ({ low: from, high: to });
  const { x: right, y: top } = plot.unplace({ x: plot.area.right, y: plot.area.top });
  return (
    <Decoration>
      <Grid plot={plot} x={extent(-right, right)} y={extent(-top, top)} />
      <Clip plot={plot}>
        <g
          class="valley-levels"
          transform={`translate(${center.x} ${center.y}) rotate(${(-TILT * 180) / Math.PI})`}
        >
          {levelsOf(condition).map(({ x, y }) => (
            <ellipse key={x} rx={x * unit} ry={y * unit} />
          ))}
        </g>
        <path class="valley-lowest" d={`M${center.x - 5} ${center.y}h10M${center.x} ${center.y - 5}v10`} />
        {paths.map((path, series) => (
          <Path key={series} plot={plot} path={path} series={series} />
        ))}
      </Clip>
      <Leaving plot={plot} paths={paths} />
    </Decoration>
  );
}

/** A path that will not come back ends where it leaves the picture. */
function Path({ plot, path, series }: { plot: Plot; path: Walked; series: number }) {
  const left = leaving(plot, path);
  const points = (left < 0 ? path.points : path.points.slice(0, left + 1)).map(plot.place);
  const last = points.at(-1);
  return (
    <g class="valley-path" data-series={series}>
      <path class="figure-curve" data-series={series} d={polyline(points)} />
      {points.slice(1, -1).map(({ x, y }, index) => (
        <circle key={index} cx={x} cy={y} r="2.2" />
      ))}
      {last && left < 0 && <circle class="valley-end" cx={last.x} cy={last.y} r="5.5" />}
    </g>
  );
}

/** The first step of a diverging path that is out of the picture; −1 without one. */
function leaving(plot: Plot, { points, diverges }: Walked): number {
  const { left, right, top, bottom } = plot.area;
  return points.findIndex((point) => {
    const { x, y } = plot.place(point);
    const isOut = x < left || x > right || y < top || y > bottom;
    return isGone(point) || (diverges && isOut);
  });
}

function Leaving({ plot, paths }: { plot: Plot; paths: TerrainProps["paths"] }) {
  const steps = paths.map((path) => leaving(plot, path));
  const told = steps.flatMap((step, series) => (step < 0 ? [] : [`${NAMES[series]} leaves at step ${step}`]));
  return (
    <>
      {told.map((words, line) => (
        <text
          key={words}
          class="on-lines strong"
          x={plot.area.left + 8}
          y={plot.area.bottom - 10 - 18 * line}
        >
          {words}
        </text>
      ))}
    </>
  );
}

const NAMES = ["plain", "momentum"];

interface StartProps {
  plot: Plot;
  condition: number;
  start: Point;
  onMove: (start: Point) => void;
}

const Start = ({ plot, condition, start, onMove }: StartProps) => (
  <Handle
    label="Start of both paths"
    at={start}
    low={{ x: START.low, y: START.low }}
    high={{ x: START.high, y: START.high }}
    step={0.1}
    place={plot.place}
    unplace={plot.unplace}
    words={`w₁ = ${decimals(start.x)}, w₂ = ${decimals(start.y)}, loss ${amount(lossAt(condition, start))}`}
    onMove={({ x, y }) => onMove({ x: Number(x.toFixed(2)), y: Number(y.toFixed(2)) })}
  />
);

function inWords(
  condition: number,
  rate: number,
  momentum: number,
  plain: readonly Point[],
  heavy: readonly Point[],
): string {
  return `${ofPlain(condition, rate)} ${ofMomentum(condition, rate, momentum)} ${compared(condition, plain, heavy)}`;
}

function ofPlain(condition: number, rate: number): string {
  const product = Number((rate * condition).toPrecision(12));
  const told = `Across the valley lr · h = ${amount(product)}:`;
  if (product < 1) return `${told} without momentum the path comes down without crossing the floor.`;
  if (product === 1) return `${told} without momentum the first step lands on the floor.`;
  if (product < 2) return `${told} without momentum the path zigzags.`;
  if (product === 2) return `${told} without momentum the path swings across forever.`;
  return `${told} without momentum the path diverges.`;
}

function ofMomentum(condition: number, rate: number, momentum: number): string {
  if (momentum === 0) return "With a momentum of 0 both paths are the same.";
  return slowest(condition, rate, momentum) > 1 ? "With momentum the path diverges." : "";
}

function compared(condition: number, plain: readonly Point[], heavy: readonly Point[]): string {
  const steps = Math.max(plain.length, heavy.length) - 1;
  const [without, withIt] = [plain, heavy].map((path) => path.at(-1));
  if (!without || !withIt || steps === 0) return "";
  const after = `After ${steps} ${steps === 1 ? "step" : "steps"}`;
  const loss = (at: Point) => amount(lossAt(condition, at));
  if (isGone(without) && isGone(withIt)) return `${after} both are far out.`;
  if (isGone(without)) return `${after} it is far out, and with momentum the loss is ${loss(withIt)}.`;
  if (isGone(withIt))
    return `${after} the loss is ${loss(without)} without momentum, and far too large with it.`;
  return `${after} the loss is ${loss(without)} without and ${loss(withIt)} with momentum.`;
}
