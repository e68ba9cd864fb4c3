import { numberIn, type State } from "../illustrations/parts/permalink";
import { type Penalty, REACH, type Rule, type Setup, type Weights } from "../numbers/descent";
import { type Ground, MOST_STEPS } from "../numbers/landscape";
import { type Angle, HOME, turned } from "./orbit";

/** What an author sets. */
export interface LossSceneSettings {
  penalty: Penalty;
  strength: number;
  mix: number;
  rate: number;
  momentum: number;
  start: [number, number];
  condition: number;
  paths: Rule[];
}

/** What the reader sees and moves. */
export interface SceneState {
  setup: Setup;
  ground: Ground;
  start: Weights;
  step: number;
  angle: Angle;
}

export const PENALTIES = [
  ["l1", "L1"],
  ["l2", "L2"],
  ["elastic-net", "Elastic Net"],
] as const;

/** The values that can be reached by the sliders; wider where an author begins farther out. */
export const RATES = { low: 0.001, high: 2 };
export const MOST_STRENGTH = 10;
export const MOST_MOMENTUM = 0.99;

/** The number of steps before anybody has pressed a button: a scene without paths shows little. */
const SHOWN_AT_FIRST = 12;

/** The state that an author sets, changed by what a link says. */
export function firstState(settings: LossSceneSettings, link: Record<string, string>): SceneState {
  const number = (name: string, low: number, high: number, otherwise: number) =>
    numberIn(link, name, low, high, otherwise);
  const hasPenalty = settings.penalty !== "none";
  const linked = PENALTIES.find(([penalty]) => penalty === link.penalty)?.[0];
  return {
    setup: {
      condition: settings.condition,
      isFlat: hasPenalty && link.data === "flat",
      penalty: hasPenalty && linked ? linked : settings.penalty,
      strength: number("strength", 0, MOST_STRENGTH, settings.strength),
      mix: number("mix", 0, 1, settings.mix),
      rate: number("rate", RATES.low, RATES.high, settings.rate),
      momentum: number("momentum", 0, MOST_MOMENTUM, settings.momentum),
    },
    ground: link.ground === "mse" ? "mse" : "loss",
    start: [number("w1", -REACH, REACH, settings.start[0]), number("w2", -REACH, REACH, settings.start[1])],
    step: Math.round(number("step", 0, MOST_STEPS, SHOWN_AT_FIRST)),
    angle: turned(
      { turn: number("turn", -4, 4, HOME.turn), tilt: number("tilt", 0, 2, HOME.tilt), zoom: 1 },
      { zoom: number("zoom", 0.5, 3, 1) },
    ),
  };
}

/** The state as a link keeps it. */
export function linkedState({ setup, ground, start, step, angle }: SceneState): State {
  return {
    penalty: setup.penalty,
    data: setup.isFlat ? "flat" : "there",
    strength: setup.strength,
    mix: setup.mix,
    rate: setup.rate,
    momentum: setup.momentum,
    ground,
    w1: start[0],
    w2: start[1],
    step,
    turn: Number(angle.turn.toFixed(2)),
    tilt: Number(angle.tilt.toFixed(2)),
    zoom: Number(angle.zoom.toFixed(2)),
  };
}
