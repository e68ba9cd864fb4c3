/** What the scene of the loss says in words. */
import { loss, pace, prices, type Rule, type Setup, type Weights } from "../numbers/descent";
import { type Landscape, MOST_STEPS, type Trail } from "../numbers/landscape";

export const NAMES: Record<Rule, string> = {
  plain: "Plain",
  penalized: "Penalized",
  proximal: "Proximal",
  momentum: "Momentum",
};

/** What each rule does, for the legend. */
export function ruleWords(rule: Rule, setup: Setup): string {
  if (rule === "penalized") return "with the slope of the penalty";
  if (rule === "proximal") return "soft thresholding";
  if (rule === "momentum") return setup.penalty === "none" ? "with a memory" : "with a memory, MSE only";
  return setup.penalty === "none" ? "each step downhill" : "MSE only";
}

/** A number for reading. Only what is 0 itself is written as 0. */
export function readable(value: number, places = 2): string {
  if (value === 0) return "0";
  const isSmall = Math.abs(value) < 0.5 * 10 ** -places;
  const rounded = Number(isSmall ? value.toPrecision(1) : value.toFixed(places));
  const [digits = "", exponent] = String(rounded).split("e");
  return (digits + (exponent ? ` · 10${raised(exponent)}` : "")).replace("-", "−");
}

const RAISED: Record<string, string> = Object.fromEntries(
  [..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((sign, digit) => [digit, sign]),
);

const raised = (exponent: string): string =>
  [...exponent].map((sign) => RAISED[sign] ?? (sign === "-" ? "⁻" : "")).join("");

export const pairWords = ([w1, w2]: Weights): string => `(${readable(w1)}, ${readable(w2)})`;

/** Which weights are 0 itself; nothing if none is. */
export function zeroWords([w1, w2]: Weights): string {
  if (w1 === 0 && w2 === 0) return "both weights exactly 0";
  if (w1 === 0) return "w₁ exactly 0";
  return w2 === 0 ? "w₂ exactly 0" : "";
}

/** The state of the scene: where each path is, and what has happened to it. */
export function reading(setup: Setup, { trails, start }: Landscape, step: number): string {
  const flat = setup.isFlat ? flatWords(setup) : "";
  if (step === 0)
    return join([`The start is at ${pairWords(start)}. Press Step or Play.`, flat, warnings(setup, trails)]);
  const places = trails
    .filter(({ path }) => !hasLeft(path.left, step))
    .map((trail) => `${NAMES[trail.rule].toLowerCase()} ${placeWords(trail, step)}`);
  const now = places.length ? `After ${step} ${step === 1 ? "step" : "steps"}: ${places.join("; ")}.` : "";
  const gone = trails.filter(({ path }) => hasLeft(path.left, step)).map((trail) => leftWords(setup, trail));
  const last = step === MOST_STEPS ? "No more steps are shown." : "";
  return join([now, ...gone, flat, last]);
}

const join = (sentences: string[]): string => sentences.filter(Boolean).join(" ");

const hasLeft = (left: number | null, step: number): boolean => left !== null && left <= step;

function placeWords({ path }: Trail, step: number): string {
  const w = path.points[step] ?? [0, 0];
  const zero = zeroWords(w);
  return `${pairWords(w)}${zero && ` with ${zero}`}`;
}

function leftWords(setup: Setup, { rule, path }: Trail): string {
  const { pace: reached, limit } = pace(rule, setup);
  const why =
    reached > limit && !setup.isFlat
      ? `: it diverges, because ${paceWords(rule, setup)} = ${readable(reached)} is above ${readable(limit)}`
      : "";
  return `${NAMES[rule]} left the stage at step ${path.left}${why}.`;
}

/** What stands against the limit of a rule. */
function paceWords(rule: Rule, setup: Setup): string {
  const [, l2] = prices(setup);
  if (rule !== "penalized" || l2 === 0) return "lr · h";
  const price = setup.penalty === "l2" ? "λ" : "λ₂";
  return setup.isFlat ? `2 · lr · ${price}` : `lr · (h + 2${price})`;
}

function warnings(setup: Setup, trails: readonly Trail[]): string {
  const wild = trails.filter(({ rule }) => pace(rule, setup).pace > pace(rule, setup).limit);
  if (!wild.length || setup.isFlat) return "";
  return `With this learning rate ${wild.map(({ rule }) => NAMES[rule].toLowerCase()).join(" and ")} will diverge.`;
}

/** The row of the lesson's table, where only the penalty moves the weights. */
function flatWords(setup: Setup): string {
  const [l1, l2] = prices(setup);
  if (l1 > 0)
    return l2 > 0
      ? "Without a push from the data, L1 takes a fixed amount from each weight and L2 a share."
      : `Without a push from the data, each step takes lr · λ = ${readable(setup.rate * l1, 3)} from each weight.`;
  const pull = Number((2 * setup.rate * l2).toPrecision(12));
  return `2 · lr · λ = ${readable(pull, 3)}: ${pullWords(pull)}.`;
}

export function pullWords(pull: number): string {
  if (pull === 0) return "nothing pulls at the weights";
  if (pull < 1) return "the penalized weights decay smoothly and never quite arrive at zero";
  if (pull === 1) return "one penalized step wipes out the old weight";
  if (pull < 2) return "the penalized weights jump across zero at every step and still die down";
  if (pull === 2) return "the penalized weights flip between w and −w forever";
  return "the penalized weights flip and grow: they diverge";
}

/** The columns and rows of the paths up to a step. */
export function tableOf(
  setup: Setup,
  trails: readonly Trail[],
  step: number,
): [columns: string[], rows: string[][]] {
  const height = setup.penalty === "none" ? "loss" : "loss with penalty";
  const columns = trails.flatMap(({ rule }) => ["w₁", "w₂", height].map((name) => `${NAMES[rule]}: ${name}`));
  const rows = Array.from({ length: step + 1 }, (_, taken) => [
    String(taken),
    ...trails.flatMap(({ path }) => {
      const w = path.points[taken];
      return w ? [...w, loss(setup, w)].map((value) => readable(value, 4)) : ["–", "–", "–"];
    }),
  ]);
  return [["Step", ...columns], rows];
}

/** What the landscape looks like, for those who do not see it. */
export function sceneWords(setup: Setup, { best, pricedBest }: Landscape): string {
  const ground = setup.isFlat
    ? "There is no push from the data: the landscape is the penalty alone."
    : "The loss is a bowl over the plane of the two weights.";
  const without = setup.penalty === "none" ? "It" : "Without the penalty it";
  const least = best ? `${without} is least at ${pairWords(best)}.` : "";
  const zero = pricedBest && zeroWords(pricedBest);
  const priced = pricedBest
    ? `With the penalty it is least at ${pairWords(pricedBest)}${zero && `, with ${zero}`}.`
    : "";
  return join([ground, least, priced]);
}
