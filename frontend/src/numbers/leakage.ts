/**
 * Choosing features before cross-validation, on pure noise (after Ambroise and McLachlan 2002).
 *
 * Features are standard normal, labels come from a coin. The features that go best with the labels are kept, and a classifier
 * assigns each row to the nearer of the two class means. Row i validates in fold i mod 5.
 */
import { normals, uniformsOf } from "./random";

export interface Study {
  rows: number;
  features: number;
  /** How many features are kept. */
  kept: number;
  seed: number;
}

export interface Accuracy {
  /** The number of features to choose from. */
  features: number;
  /** Chosen on all rows, before the folds. */
  before: number;
  /** Chosen from the training rows of each fold. */
  inside: number;
}

export const FOLDS = 5;
const FEWEST_FEATURES = 10;
/** At most this number of feature counts is tried. */
export const MOST_STOPS = 8;

/** At most about this number of random numbers is drawn: they take the time, which should not be felt. */
const DRAWS = 600_000;
const FEWEST_REPETITIONS = 6;
const MOST_REPETITIONS = 40;

/** How many data sets the accuracies are averaged over. */
export const repetitionsOf = ({ rows, features }: Study): number =>
  Math.min(Math.max(Math.floor(DRAWS / (rows * features)), FEWEST_REPETITIONS), MOST_REPETITIONS);

/** Up to eight numbers of features from ten on, at equal steps on a logarithmic scale. */
export function stopsUpTo(features: number): number[] {
  const ratio = features / FEWEST_FEATURES;
  const stops = Array.from({ length: MOST_STOPS }, (_, index) =>
    Math.round(FEWEST_FEATURES * ratio ** (index / (MOST_STOPS - 1))),
  );
  return [...new Set(stops)];
}

/** The two accuracies at each stop, as averages over one data set, two, and so on up to all; to be taken in slices. */
export function* averaging(study: Study): Generator<Accuracy[]> {
  const right = stopsUpTo(study.features).map((features) => ({ features, before: 0, inside: 0 }));
  for (let repetition = 0; repetition < repetitionsOf(study); repetition += 1) {
    count(right, drawNoise(study, repetition), study.kept);
    const rows = study.rows * (repetition + 1);
    yield right.map(({ features, before, inside }) => ({
      features,
      before: before / rows,
      inside: inside / rows,
    }));
  }
}

/** The two accuracies at each stop: averages over several data sets, each with its own noise and its own coin. */
export const accuracies = (study: Study): Accuracy[] => [...averaging(study)].at(-1) ?? [];

interface Noise {
  rows: number;
  features: number;
  labels: Uint8Array;
  /** Feature by feature. */
  values: Float64Array;
}

function drawNoise({ rows, features, seed }: Study, repetition: number): Noise {
  const next = uniformsOf(seed, repetition);
  const labels = Uint8Array.from({ length: rows }, () => (next() < 0.5 ? 1 : 0));
  return { rows, features, labels, values: Float64Array.from(normals(next, rows * features)) };
}

/** What the rows of a fold, or all but them, add up to: per feature, and for the rows with label 1 alone. */
interface Sums {
  rows: number;
  ones: number;
  all: Float64Array;
  squares: Float64Array;
  ofOnes: Float64Array;
}

function count(right: Accuracy[], data: Noise, kept: number): void {
  const stops = right.map(({ features }) => features);
  const folds = Array.from({ length: FOLDS }, (_, fold) => sumsOf(data, fold));
  const total = folds.reduce((sum, fold) => combined(sum, fold, 1));
  const before = bestUpTo(stops, strengths(total), kept);
  for (const [fold, own] of folds.entries()) {
    const training = combined(total, own, -1);
    const inside = bestUpTo(stops, strengths(training), kept);
    for (const [stop, tally] of right.entries()) {
      tally.before += rightIn(fold, data, training, before[stop] ?? []);
      tally.inside += rightIn(fold, data, training, inside[stop] ?? []);
    }
  }
}

function sumsOf({ rows, features, labels, values }: Noise, fold: number): Sums {
  const [all, squares, ofOnes] = [empty(features), empty(features), empty(features)];
  let [size, ones] = [0, 0];
  for (let row = fold; row < rows; row += FOLDS) {
    const label = labels[row] as number;
    size += 1;
    ones += label;
    for (let feature = 0; feature < features; feature += 1) {
      const value = values[feature * rows + row] as number;
      (all[feature] as number) += value;
      (squares[feature] as number) += value * value;
      (ofOnes[feature] as number) += label * value;
    }
  }
  return { rows: size, ones, all, squares, ofOnes };
}

const empty = (length: number): Float64Array => new Float64Array(length);

const combined = (a: Sums, b: Sums, sign: 1 | -1): Sums => ({
  rows: a.rows + sign * b.rows,
  ones: a.ones + sign * b.ones,
  all: a.all.map((value, index) => value + sign * (b.all[index] as number)),
  squares: a.squares.map((value, index) => value + sign * (b.squares[index] as number)),
  ofOnes: a.ofOnes.map((value, index) => value + sign * (b.ofOnes[index] as number)),
});

/** For each feature its squared correlation with the label, up to a factor that is the same for all. */
function strengths({ rows, ones, all, squares, ofOnes }: Sums): Float64Array {
  return all.map((sum, feature) => {
    const together = (ofOnes[feature] as number) - (sum * ones) / rows;
    return together ** 2 / ((squares[feature] as number) - sum ** 2 / rows);
  });
}

/** At each stop, the strongest among the features up to there. */
function bestUpTo(stops: readonly number[], strength: Float64Array, kept: number): number[][] {
  const best: number[] = [];
  const found: number[][] = [];
  const of = (feature: number | undefined) => strength[feature ?? 0] as number;
  for (let feature = 0; feature < strength.length; feature += 1) {
    if (best.length < kept || of(feature) > of(best.at(-1))) {
      const place = best.findIndex((other) => of(feature) > of(other));
      best.splice(place < 0 ? best.length : place, 0, feature);
      best.length = Math.min(best.length, kept);
    }
    if (stops.includes(feature + 1)) found.push([...best]);
  }
  return found;
}

/** How many rows of a fold are nearer to the mean of their own class, over the chosen features. */
function rightIn(
  fold: number,
  { rows, labels, values }: Noise,
  training: Sums,
  chosen: readonly number[],
): number {
  const zeros = training.rows - training.ones;
  let right = 0;
  for (let row = fold; row < rows; row += FOLDS) {
    let towardsOne = 0;
    for (const feature of chosen) {
      const value = values[feature * rows + row] as number;
      const ofOnes = training.ofOnes[feature] as number;
      const meanOfOnes = ofOnes / training.ones;
      const meanOfZeros = ((training.all[feature] as number) - ofOnes) / zeros;
      towardsOne += (value - meanOfZeros) ** 2 - (value - meanOfOnes) ** 2;
    }
    if (guess(towardsOne, training.ones, zeros) === labels[row]) right += 1;
  }
  return right;
}

/** A class without a training row has no mean, and is never guessed. */
function guess(towardsOne: number, ones: number, zeros: number): 0 | 1 {
  if (ones === 0) return 0;
  return zeros === 0 || towardsOne > 0 ? 1 : 0;
}
