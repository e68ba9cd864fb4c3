import { useMemo, useState } from "preact/hooks";
import { type Loss, levelLine, lossAt, type Point, path } from "../components/geometry";
import {
  type Constrained,
  charge,
  charged,
  constrained,
  fence,
  type Penalty,
  planeLoss,
  solutionPath,
} from "../numbers/fence";
import { Choices } from "./parts/Choices";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Handle } from "./parts/Handle";
import { Entry, Legend } from "./parts/Legend";
import { NumbersTable } from "./parts/NumbersTable";
import { numberIn, stateIn } from "./parts/permalink";
import { decimals, plainNumber } from "./parts/plot";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { Stage } from "./parts/Stage";
import type { IllustrationProps } from "./plug";

type Name = Penalty["kind"];

interface Settings {
  penalty: Name;
  p: number;
  mix: number;
  budget: number;
  minimum: [first: number, second: number];
  correlation: number;
}

interface State {
  penalty: Name;
  p: number;
  mix: number;
  budget: number;
  first: number;
  second: number;
  correlation: number;
}

const NAMES: readonly (readonly [Name, string])[] = [
  ["l1", "L1"],
  ["l2", "L2"],
  ["elastic-net", "Elastic Net"],
  ["lp", "Lp"],
];

/** What may be set, as the server's table of kinds bounds it. */
const P = { low: 0.5, high: 4 };
const MIX = { low: 0, high: 1 };
const BUDGET = { low: 0.1, high: 3 };
const MINIMUM = { low: -2.5, high: 2.5 };
const CORRELATION = { low: -0.9, high: 0.9 };

/** A map of two weights: contours of a loss, the fence of a penalty, and where the best allowed weights are. */
export function WeightPlane({ settings, id }: IllustrationProps<Settings>) {
  const [state, setState] = useState(() => restored(settings, id));
  const change = (part: Partial<State>) => setState((before) => ({ ...before, ...part }));
  const penalty = useMemo(() => penaltyOf(state), [state.penalty, state.p, state.mix]);
  const loss = useMemo(
    () => planeLoss({ x: state.first, y: state.second }, state.correlation),
    [state.first, state.second, state.correlation],
  );
  const found = useMemo(() => constrained(loss, penalty, state.budget), [loss, penalty, state.budget]);
  return (
    <>
      <Choices
        label="Penalty"
        name={`${id}-penalty`}
        options={NAMES}
        value={state.penalty}
        onChange={(name) => change({ penalty: name })}
      />
      <Plane loss={loss} penalty={penalty} budget={state.budget} found={found} onChange={change} />
      <Key penalty={penalty} place={found.place} />
      <Reading words={reading(loss, penalty, found)} />
      <Controls state={state} onChange={change} />
      <Numbers loss={loss} penalty={penalty} budget={state.budget} found={found} />
      <div class="figure-actions">
        <CopyLink id={id} state={{ ...state }} />
      </div>
    </>
  );
}

function restored(settings: Settings, id: string): State {
  const { minimum, ...others } = settings;
  const set: State = { ...others, first: minimum[0], second: minimum[1] };
  const link = stateIn(id);
  const within = (name: keyof State & string, { low, high }: { low: number; high: number }) =>
    numberIn(link, name, low, high, set[name] as number);
  return {
    penalty: NAMES.find(([name]) => name === link.penalty)?.[0] ?? set.penalty,
    p: within("p", P),
    mix: within("mix", MIX),
    budget: within("budget", BUDGET),
    first: within("first", MINIMUM),
    second: within("second", MINIMUM),
    correlation: within("correlation", CORRELATION),
  };
}

function penaltyOf({ penalty, p, mix }: Pick<State, "penalty" | "p" | "mix">): Penalty {
  if (penalty === "elastic-net") return { kind: penalty, mix };
  return penalty === "lp" ? { kind: penalty, p } : { kind: penalty };
}

/** From the origin to the upper edge of the map. */
const REACH = 3.05;
const TALLEST = 430;
/** From the fence to the handle of its budget. */
const ASIDE = 22;
/** Between contour lines, in the square root of the loss: they lie at equal distances. */
const SPACING = 0.5;
const CONTOURS = Array.from({ length: 11 }, (_, index) => ((index + 1) * SPACING) ** 2);
/** Fewer for L_p, whose minimum takes a search. */
const STOPS = { searched: 32, solved: 80 };

interface PlaneProps {
  loss: Loss;
  penalty: Penalty;
  budget: number;
  found: Constrained;
  onChange: (part: Partial<State>) => void;
}

function Plane({ loss, penalty, budget, found, onChange }: PlaneProps) {
  const trace = useMemo(
    () => solutionPath(loss, penalty, penalty.kind === "lp" ? STOPS.searched : STOPS.solved),
    [loss, penalty],
  );
  return (
    <Stage
      label="Map of two weights: contours of the loss, and the region that the penalty allows"
      height={(width) => Math.min(width, TALLEST)}
      hasHandles
    >
      {(width, height) => {
        const unit = height / 2 / REACH;
        const place = ({ x, y }: Point) => ({ x: width / 2 + unit * x, y: height / 2 - unit * y });
        const unplace = ({ x, y }: Point) => ({ x: (x - width / 2) / unit, y: (height / 2 - y) / unit });
        // Beside the corner, which is often where the best weights are, and never off the map.
        const beside = (point: Point) => ({
          x: Math.min(place(point).x + ASIDE, width - 24),
          y: place(point).y,
        });
        const line = (points: Point[]) => path(points.map(place));
        const center = place(loss.center);
        const best = place(found.weights);
        return (
          <>
            <Decoration class="plane">
              <Contours loss={loss} unit={unit} place={place} touching={lossAt(loss, found.weights)} />
              <path class="plane-region" d={line(fence(penalty, budget))} />
              <Axes width={width} height={height} unit={unit} />
              {GHOSTS.filter(({ kind }) => kind !== penalty.kind).map((ghost) => (
                <path key={ghost.kind} class="plane-ghost" d={line(fence(ghost, budget))} />
              ))}
              <path class="plane-fence" d={line(fence(penalty, budget))} />
              <path class="plane-trace" d={line(trace).replace("Z", "")} />
              {found.place !== "inside" && (
                <path class="plane-best" d={mark(found.place)} transform={`translate(${best.x} ${best.y})`} />
              )}
              <path class="plane-arrows" d={arrows(beside({ x: budget, y: 0 }))} />
              <circle class="plane-target" cx={center.x} cy={center.y} r="13" />
            </Decoration>
            <Handle
              label="Budget"
              class="plane-budget"
              at={{ x: budget, y: 0 }}
              low={{ x: BUDGET.low, y: 0 }}
              high={{ x: BUDGET.high, y: 0 }}
              step={0.05}
              place={beside}
              unplace={({ x, y }) => unplace({ x: x - ASIDE, y })}
              words={decimals(budget)}
              onMove={({ x }) => onChange({ budget: x })}
            />
            <Handle
              label="Minimum of the loss"
              class="plane-minimum"
              at={loss.center}
              low={{ x: MINIMUM.low, y: MINIMUM.low }}
              high={{ x: MINIMUM.high, y: MINIMUM.high }}
              step={0.05}
              place={place}
              unplace={unplace}
              words={`w₁ ${decimals(loss.center.x)}, w₂ ${decimals(loss.center.y)}`}
              onMove={({ x, y }) => onChange({ first: x, second: y })}
            />
          </>
        );
      }}
    </Stage>
  );
}

const GHOSTS: readonly Penalty[] = [{ kind: "l1" }, { kind: "l2" }];

const DIAMOND = "M0-9 9 0 0 9-9 0Z";
const CIRCLE = "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0Z";
const mark = (place: Constrained["place"]) => (place === "corner" ? DIAMOND : CIRCLE);

/** Two small heads beside the handle of the budget. */
const arrows = ({ x, y }: Point): string => `M${x - 12} ${y - 4}l-4 4l4 4M${x + 12} ${y - 4}l4 4l-4 4`;

interface ContoursProps {
  loss: Loss;
  unit: number;
  place: (point: Point) => Point;
  touching: number;
}

/** Ovals of equal loss, and the one that the best allowed weights lie on. */
function Contours({ loss, unit, place, touching }: ContoursProps) {
  const { x, y } = place(loss.center);
  const oval = (level: number) => {
    const { rx, ry, tilt } = levelLine(loss, level);
    return { rx: rx * unit, ry: ry * unit, transform: `translate(${x} ${y}) rotate(${-tilt})` };
  };
  return (
    <>
      {CONTOURS.map((level) => (
        <ellipse key={level} class="plane-contour" {...oval(level)} />
      ))}
      {touching > 0 && <ellipse class="plane-touching" {...oval(touching)} />}
    </>
  );
}

const NUMBERS = [-2, -1, 1, 2];

function Axes({ width, height, unit }: { width: number; height: number; unit: number }) {
  const [x, y] = [width / 2, height / 2];
  return (
    <g class="plane-axes">
      <path d={`M0 ${y}H${width}M${x} 0V${height}`} />
      {NUMBERS.map((number) => (
        <g key={number}>
          <path d={`M${x + number * unit} ${y - 3}v6M${x - 3} ${y - number * unit}h6`} />
          <text x={x + number * unit} y={y + 17} text-anchor="middle">
            {plainNumber(number)}
          </text>
          <text x={x - 8} y={y - number * unit + 4} text-anchor="end">
            {plainNumber(number)}
          </text>
        </g>
      ))}
      <text class="plane-name" x={width - 8} y={y - 9} text-anchor="end">
        w₁
      </text>
      <text class="plane-name" x={x + 9} y="19">
        w₂
      </text>
    </g>
  );
}

function Key({ penalty, place }: { penalty: Penalty; place: Constrained["place"] }) {
  return (
    <Legend>
      <Entry sample={<circle class="plane-key-minimum" cx="14" cy="6" r="5.5" />}>minimum of the loss</Entry>
      {place !== "inside" && (
        <Entry sample={<path class="plane-best" d={mark(place)} transform="translate(14 6) scale(.75)" />}>
          best allowed weights
        </Entry>
      )}
      <Entry sample={<path class="plane-trace" d="M0 6H28" />}>best weights for other budgets</Entry>
      <Entry sample={<path class="plane-ghost" d="M0 6H28" />}>
        {penalty.kind === "l1" ? "L2" : penalty.kind === "l2" ? "L1" : "L1 and L2"} with this budget
      </Entry>
    </Legend>
  );
}

function Controls({ state, onChange }: { state: State; onChange: (part: Partial<State>) => void }) {
  const slider = (name: keyof State & string, label: string, bounds: { low: number; high: number }) => (
    <Slider
      label={label}
      {...bounds}
      step={0.01}
      value={state[name] as number}
      format={(value) => decimals(value)}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  return (
    <>
      <div class="controls">
        {slider("budget", "Budget along an axis", BUDGET)}
        {state.penalty === "lp" && slider("p", "Power p", P)}
        {state.penalty === "elastic-net" && slider("mix", "Share α of L1", MIX)}
      </div>
      <details class="more">
        <summary>Move the loss</summary>
        <div class="controls">
          {slider("first", "Minimum, w₁", MINIMUM)}
          {slider("second", "Minimum, w₂", MINIMUM)}
          {slider("correlation", "Tilt of the ovals ρ", CORRELATION)}
        </div>
      </details>
    </>
  );
}

interface NumbersProps {
  loss: Loss;
  penalty: Penalty;
  budget: number;
  found: Constrained;
}

const FORMULAS: Record<Name, string> = {
  l1: "|w₁| + |w₂|",
  l2: "w₁² + w₂²",
  "elastic-net": "α(|w₁| + |w₂|) + (1 − α)(w₁² + w₂²)",
  lp: "|w₁|ᵖ + |w₂|ᵖ",
};

function Numbers({ loss, penalty, budget, found }: NumbersProps) {
  const { center, curvature } = loss;
  const cap = decimals(charge(penalty, budget), 3);
  const points = [center, found.weights];
  return (
    <NumbersTable
      title={`Loss: 0.62 d₁² ${signed(2 * curvature[1])} d₁d₂ + d₂², where d leads from the minimum to w. Penalty: ${FORMULAS[penalty.kind]}`}
      columns={["Quantity", "Minimum of the loss", "Best allowed weights"]}
      rows={[
        ["w₁", decimals(center.x, 3), exactly(found.weights.x)],
        ["w₂", decimals(center.y, 3), exactly(found.weights.y)],
        ["Loss", ...points.map((point) => decimals(lossAt(loss, point), 3))],
        ["Penalty", ...points.map((point) => decimals(charged(penalty, point), 3))],
        ["Penalty allowed", cap, cap],
        ["λ that leads there", "0", found.multiplier === 0 ? "0" : decimals(found.multiplier, 3)],
      ]}
    />
  );
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"} ${decimals(Math.abs(value))}`;

/** A number of the solution: a plain 0 is exact, and what is merely small keeps its digits. */
const exactly = (value: number): string => (value === 0 ? "0 (exactly)" : sized(value, 3));

function sized(value: number, places: number): string {
  if (Math.abs(value) >= 0.5 * 10 ** -places) return decimals(value, places);
  return Math.abs(value) < 1e-6 ? "almost 0" : plainNumber(value, 1);
}

const SHAPES: Record<Name, string> = {
  l1: "diamond",
  l2: "circle",
  "elastic-net": "fence",
  lp: "fence",
};

/** Where the best allowed weights are, in words. */
export function reading(loss: Loss, penalty: Penalty, found: Constrained): string {
  const { x, y } = found.weights;
  if (found.place === "inside")
    return `The minimum of the loss is allowed: w₁\u00a0=\u00a0${decimals(x)}, w₂\u00a0=\u00a0${decimals(y)}. The penalty changes nothing.`;
  const rest = `Loss ${decimals(lossAt(loss, found.weights))}, 0 at its minimum. ${price(penalty, found)}`;
  const shape = SHAPES[penalty.kind];
  if (found.place === "edge")
    return `Both weights are nonzero: ${sized(x, 2)} and ${sized(y, 2)}. The oval touches the ${shape} between the axes. ${rest}`;
  const [zero, other, value] = x === 0 ? ["w₁", "w₂", y] : ["w₂", "w₁", x];
  const touches = hasCorners(penalty)
    ? `The oval touches a corner of the ${shape}.`
    : `The oval happens to touch the ${shape} on an axis.`;
  return `${zero}\u00a0=\u00a00 exactly, ${other}\u00a0=\u00a0${decimals(value)}. ${touches} ${rest}`;
}

function hasCorners(penalty: Penalty): boolean {
  if (penalty.kind === "lp") return penalty.p <= 1;
  return penalty.kind === "l1" || (penalty.kind === "elastic-net" && penalty.mix > 0);
}

/** A budget and a price lead to the same weights, unless the fence has dents. */
function price(penalty: Penalty, { multiplier }: Constrained): string {
  const lambda = `λ\u00a0=\u00a0${sized(multiplier, 2)}`;
  return penalty.kind === "lp" && penalty.p < 1
    ? "The fence has dents, so no price λ need lead here."
    : `The price ${lambda} leads to the same weights.`;
}
