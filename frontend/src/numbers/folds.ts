/**
 * Cross-validation on rows of which several come from the same person.
 *
 * A person has two features and a value that depends only in part on them; the rows of a person are nearly alike. The model
 * is the nearest neighbor: it predicts the value of the most similar training row.
 */
import { normals, shuffled, type Uniforms, uniformsOf } from "./random";

export interface Row {
  /** The number of the person, in the order of the rows. */
  person: number;
  features: readonly [number, number];
  value: number;
}

const ROWS_OF_A_PERSON = 3;
const NEWCOMERS = 400;
/** How much of the value shows in the first feature. */
const SIGNAL = 0.5;
const SPREAD_OF_FEATURES = 0.15;
const SPREAD_OF_VALUES = 0.3;

const [DATA, CUT, NEW_PEOPLE] = [0, 1, 2];

/** How many people the rows come from. */
export const peopleIn = (rows: number): number => Math.round(rows / ROWS_OF_A_PERSON);

/** Rows of which each comes from a person of its own. */
export function drawStrangers(rows: number, seed: number): Row[] {
  const next = uniformsOf(seed, DATA);
  return Array.from({ length: rows }, (_, person) => rowsOf(person, 1, next)).flat();
}

/** Rows that stand together person by person, as files often are sorted. */
export function drawRows(rows: number, seed: number): Row[] {
  const next = uniformsOf(seed, DATA);
  const sizes = Array.from({ length: peopleIn(rows) }, () => 2);
  for (let left = rows - 2 * sizes.length; left > 0; left -= 1) {
    const lucky = Math.floor(next() * sizes.length);
    sizes[lucky] = (sizes[lucky] ?? 0) + 1;
  }
  return sizes.flatMap((size, person) => rowsOf(person, size, next));
}

function rowsOf(person: number, size: number, next: Uniforms): Row[] {
  const [first = 0, second = 0, own = 0] = normals(next, 3);
  return Array.from({ length: size }, () => {
    const [a = 0, b = 0, c = 0] = normals(next, 3);
    return {
      person,
      features: [first + SPREAD_OF_FEATURES * a, second + SPREAD_OF_FEATURES * b] as const,
      value: SIGNAL * first + own + SPREAD_OF_VALUES * c,
    };
  });
}

export interface Cut {
  folds: number;
  shuffle: boolean;
  /** Keep the rows of a person in one fold. */
  grouped: boolean;
  seed: number;
}

/** The fold in which each row validates. Without groups, the sizes of the folds differ by one at most. */
export function cut(rows: readonly Row[], { folds, shuffle, grouped, seed }: Cut): number[] {
  const next = uniformsOf(seed, CUT);
  const mixed = <Value>(values: Value[]) => (shuffle ? shuffled(values, next) : values);
  if (grouped) {
    const people = mixed([...new Set(rows.map(({ person }) => person))]);
    const home = homes(people, rows, folds);
    return rows.map(({ person }) => home.get(person) ?? 0);
  }
  const foldOf: number[] = [];
  const order = mixed(rows.map((_, index) => index));
  for (const [place, row] of order.entries()) foldOf[row] = foldAt(place, rows.length, folds);
  return foldOf;
}

/** The fold of a place when the first folds take one more where the number of rows does not divide. */
function foldAt(place: number, rows: number, folds: number): number {
  const [size, larger] = [Math.floor(rows / folds), rows % folds];
  const taken = larger * (size + 1);
  return place < taken ? Math.floor(place / (size + 1)) : larger + Math.floor((place - taken) / size);
}

/** Each person's fold: the largest first, each to the fold that has the fewest rows so far. */
function homes(people: readonly number[], rows: readonly Row[], folds: number): Map<number, number> {
  const size = (person: number) => rows.filter((row) => row.person === person).length;
  const filled = Array.from({ length: folds }, () => 0);
  const home = new Map<number, number>();
  for (const person of [...people].sort((a, b) => size(b) - size(a))) {
    const fold = filled.indexOf(Math.min(...filled));
    home.set(person, fold);
    filled[fold] = (filled[fold] ?? 0) + size(person);
  }
  return home;
}

/** The mean squared error of each fold: its rows are predicted from those of the other folds. */
export function foldErrors(rows: readonly Row[], foldOf: readonly number[], folds: number): number[] {
  return Array.from({ length: folds }, (_, fold) => {
    const training = rows.filter((_, index) => foldOf[index] !== fold);
    return meanSquaredError(
      rows.filter((_, index) => foldOf[index] === fold),
      training,
    );
  });
}

/** The rows of a fold that have another row of the same person among the training rows. */
export function leaks(rows: readonly Row[], foldOf: readonly number[]): boolean[] {
  return rows.map(({ person }, index) =>
    rows.some((other, place) => other.person === person && foldOf[place] !== foldOf[index]),
  );
}

/** The error for people who have no row in the data, measured on many of them. */
export function errorOfNewcomers(rows: readonly Row[], seed: number): number {
  const next = uniformsOf(seed, NEW_PEOPLE);
  const newcomers = Array.from({ length: NEWCOMERS }, (_, person) => rowsOf(person, 1, next)).flat();
  return meanSquaredError(newcomers, rows);
}

function meanSquaredError(judging: readonly Row[], training: readonly Row[]): number {
  return mean(judging.map((row) => (row.value - nearest(row, training).value) ** 2));
}

function nearest(row: Row, training: readonly Row[]): Row {
  let [best, least] = [row, Number.POSITIVE_INFINITY];
  for (const other of training) {
    const [dx, dy] = [other.features[0] - row.features[0], other.features[1] - row.features[1]];
    const distance = dx * dx + dy * dy;
    if (distance < least) [best, least] = [other, distance];
  }
  return best;
}

export interface Summary {
  mean: number;
  /** Of single folds, with k − 1. */
  deviation: number;
  /** Of the mean of the folds. */
  standardError: number;
}

/** Mean, standard deviation and standard error of the errors of two folds or more. */
export function summary(errors: readonly number[]): Summary {
  const center = mean(errors);
  const squares = errors.map((error) => (error - center) ** 2);
  const deviation = Math.sqrt((mean(squares) * errors.length) / (errors.length - 1));
  return { mean: center, deviation, standardError: deviation / Math.sqrt(errors.length) };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
