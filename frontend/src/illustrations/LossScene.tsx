import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { shortNumber } from "../figures/scale";
import { REACH, type Rule, type Setup, type Weights } from "../numbers/descent";
import { type Ground, type Landscape, landscape, MOST_STEPS } from "../numbers/landscape";
import { Canvas } from "../scenes/Canvas";
import { Legend } from "../scenes/Legend";
import { type Angle, HOME, turned } from "../scenes/orbit";
import { Plan } from "../scenes/Plan";
import { prefersStillness, SPEEDS, usePlaying } from "../scenes/playing";
import {
  firstState,
  type LossSceneSettings,
  linkedState,
  MOST_MOMENTUM,
  MOST_STRENGTH,
  PENALTIES,
  RATES,
  type SceneState,
} from "../scenes/state";
import { reading, sceneWords, tableOf } from "../scenes/words";
import { Choices } from "./parts/Choices";
import { CopyLink } from "./parts/CopyLink";
import { NumbersTable } from "./parts/NumbersTable";
import { PlayButtons } from "./parts/PlayButtons";
import { stateIn } from "./parts/permalink";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import type { IllustrationProps } from "./plug";
import "../styles/loss-scene.css";

const GROUNDS = [
  ["loss", "MSE + penalty"],
  ["mse", "MSE alone"],
] as const;

/** The rows of the lesson's table, at a learning rate with which they come out to the last bit. */
const PULLS = ["0.5", "1", "1.5", "2", "2.5"] as const;
const PULL_RATE = 0.5;

/** The loss over two weights as a landscape, with the paths that gradient descent takes through it. */
export function LossScene({ settings, id }: IllustrationProps<LossSceneSettings>) {
  const [state, setState] = useState<SceneState>(() => firstState(settings, stateIn(id)));
  const [speed, setSpeed] = useState(SPEEDS.usual);
  const rules = useMemo(() => seen(settings), [settings]);
  const { setup, ground, start, step, angle } = state;
  const view = useMemo(() => landscape(setup, ground, start, rules), [setup, ground, start, rules]);
  const change = useCallback(
    (part: Partial<SceneState>) => setState((before) => ({ ...before, ...part })),
    [],
  );
  const setStep = useCallback((to: number) => change({ step: Math.min(to, MOST_STEPS) }), [change]);
  const play = usePlaying(view.trails, step, setStep, speed);
  const moveStart = useCallback((to: Weights) => change({ start: to }), [change]);
  const look = useCallback((to: Angle) => change({ angle: to }), [change]);
  const hasPenalty = settings.penalty !== "none";

  const setUp = (part: Partial<Setup>) => change({ setup: { ...setup, ...part } });
  return (
    <div class="loss-scene">
      <Canvas
        view={view}
        rules={rules}
        step={step}
        glides={play.isPlaying && !prefersStillness()}
        angle={angle}
        label={`The loss as a landscape. ${sceneWords(setup, view)}`}
        onStart={moveStart}
        onAngle={look}
      />
      <div class="scene-run">
        <PlayButtons play={play} />
        <span class="scene-count">Step {step}</span>
        <Views angle={angle} onLook={look} />
      </div>
      <Reading words={reading(setup, view, step)} />
      <div class="scene-below">
        <div class="controls">
          {hasPenalty && (
            <PenaltyControls
              id={id}
              state={state}
              onSetUp={setUp}
              onGround={(to) => change({ ground: to })}
            />
          )}
          <Slider
            label="Learning rate lr"
            value={setup.rate}
            {...RATES}
            step={0.01}
            logarithmic
            onChange={(rate) => setUp({ rate: Number(rate.toPrecision(2)) })}
          />
          {hasPenalty && <StrengthControls setup={setup} settings={settings} onSetUp={setUp} />}
          {rules.includes("momentum") && (
            <Slider
              label="Momentum β"
              value={setup.momentum}
              low={0}
              high={MOST_MOMENTUM}
              step={0.01}
              onChange={(momentum) => setUp({ momentum })}
            />
          )}
          <StartSliders start={start} onStart={moveStart} />
          <Slider
            label="Speed"
            value={speed}
            low={SPEEDS.low}
            high={SPEEDS.high}
            step={1}
            format={(value) => `${value} steps a second`}
            onChange={setSpeed}
          />
        </div>
        <div class="scene-side">
          <Plan id={id} view={view} step={step} onStart={moveStart} />
          <Legend setup={setup} view={view} />
        </div>
      </div>
      <CopyLink id={id} state={linkedState(state)} />
      <PathsTable setup={setup} view={view} step={step} />
    </div>
  );
}

/** The paths in numbers. Its rows are made while it is open only: there may be hundreds, anew with every step. */
function PathsTable({ setup, view, step }: { setup: Setup; view: Landscape; step: number }) {
  const [isOpen, setOpen] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The event does not bubble, but it can be caught on its way down.
    const open = (event: Event) => setOpen((event.target as HTMLDetailsElement).open);
    around.current?.addEventListener("toggle", open, true);
    return () => around.current?.removeEventListener("toggle", open, true);
  }, []);
  const [columns, rows] = tableOf(setup, view.trails, isOpen ? step : 0);
  return (
    <div ref={around}>
      <NumbersTable title="The paths, step by step" columns={columns} rows={rows} />
    </div>
  );
}

/** Without a penalty only the rules that know nothing of one are of interest. */
function seen({ penalty, paths }: LossSceneSettings): Rule[] {
  const free = paths.filter((rule) => rule === "plain" || rule === "momentum");
  return penalty === "none" && free.length ? free : paths;
}

const TURNS: readonly (readonly [sign: string, words: string, by: Partial<Angle>])[] = [
  ["↺", "Turn left", { turn: Math.PI / 8 }],
  ["↻", "Turn right", { turn: -Math.PI / 8 }],
  ["↑", "Look from higher up", { tilt: 0.15 }],
  ["↓", "Look from lower down", { tilt: -0.15 }],
  ["+", "Closer", { zoom: 1.2 }],
  ["−", "Farther away", { zoom: 1 / 1.2 }],
];

const Views = ({ angle, onLook }: { angle: Angle; onLook: (angle: Angle) => void }) => (
  <fieldset class="scene-views">
    <legend class="visually-hidden">View</legend>
    {TURNS.map(([sign, words, by]) => (
      <button
        key={words}
        type="button"
        aria-label={words}
        title={words}
        onClick={() => onLook(turned(angle, by))}
      >
        {sign}
      </button>
    ))}
    <button
      type="button"
      aria-label="Back to the first view"
      title="Back to the first view"
      onClick={() => onLook(HOME)}
    >
      ⌂
    </button>
  </fieldset>
);

interface PenaltyControlsProps {
  id: string;
  state: SceneState;
  onSetUp: (part: Partial<Setup>) => void;
  onGround: (ground: Ground) => void;
}

/** Which penalty, on which surface, and whether the data push at all. */
function PenaltyControls({ id, state: { setup, ground }, onSetUp, onGround }: PenaltyControlsProps) {
  const pull = 2 * setup.rate * setup.strength;
  const current = PULLS.find((one) => Number(one) === pull) ?? "";
  return (
    <>
      <Choices
        label="Penalty"
        name={`${id}-penalty`}
        options={PENALTIES}
        value={setup.penalty === "none" ? "l1" : setup.penalty}
        onChange={(penalty) => onSetUp({ penalty })}
      />
      <div>
        {!setup.isFlat && (
          <Choices
            label="The surface shows"
            name={`${id}-ground`}
            options={GROUNDS}
            value={ground}
            onChange={onGround}
          />
        )}
        {setup.isFlat && setup.penalty === "l2" && (
          <Choices
            label="2 · lr · λ"
            name={`${id}-pull`}
            options={PULLS.map((one) => [one, one] as const)}
            value={current as (typeof PULLS)[number]}
            onChange={(one) => onSetUp({ rate: PULL_RATE, strength: Number(one) / (2 * PULL_RATE) })}
          />
        )}
        <label class="scene-switch">
          <input
            type="checkbox"
            checked={setup.isFlat}
            onChange={(event) => onSetUp({ isFlat: event.currentTarget.checked })}
          />
          Without a push from the data
        </label>
      </div>
    </>
  );
}

interface StrengthControlsProps {
  setup: Setup;
  settings: LossSceneSettings;
  onSetUp: (part: Partial<Setup>) => void;
}

/** What suffices for most; up to the greatest where an author or a link begins beyond. */
const USUAL_STRENGTH = 4;

function StrengthControls({ setup, settings, onSetUp }: StrengthControlsProps) {
  const isUsual = Math.max(setup.strength, settings.strength) <= USUAL_STRENGTH;
  return (
    <>
      <Slider
        label="Strength λ"
        value={setup.strength}
        low={0}
        high={isUsual ? USUAL_STRENGTH : MOST_STRENGTH}
        step={0.05}
        onChange={(strength) => onSetUp({ strength })}
      />
      {setup.penalty === "elastic-net" && (
        <Slider
          label="Share of L1, α"
          value={setup.mix}
          low={0}
          high={1}
          step={0.05}
          onChange={(mix) => onSetUp({ mix })}
        />
      )}
    </>
  );
}

const StartSliders = ({ start, onStart }: { start: Weights; onStart: (start: Weights) => void }) => (
  <>
    <Slider
      label="Start w₁"
      value={start[0]}
      low={-REACH}
      high={REACH}
      step={0.1}
      format={shortNumber}
      onChange={(w1) => onStart([w1, start[1]])}
    />
    <Slider
      label="Start w₂"
      value={start[1]}
      low={-REACH}
      high={REACH}
      step={0.1}
      format={shortNumber}
      onChange={(w2) => onStart([start[0], w2])}
    />
  </>
);
