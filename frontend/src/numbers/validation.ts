/** Choosing λ from validation losses on a grid, each with its standard error. */
export interface Losses {
  strengths: readonly number[];
  validation: readonly number[];
  errors: readonly number[];
}

export interface Choice {
  /** The place in the grid of the smallest validation loss; of equal ones the largest λ. */
  minimum: number;
  /** The smallest loss plus its standard error. */
  bar: number;
  /** The place of the largest λ whose loss is not above the bar. */
  simplest: number;
}

/** What the two rules take. */
export function choose({ strengths, validation, errors }: Losses): Choice {
  const at = (place: number) => strengths[place] ?? 0;
  const places = strengths.map((_, place) => place);
  const lowest = Math.min(...validation);
  const largest = (among: number[]) => among.reduce((best, place) => (at(place) > at(best) ? place : best));
  const minimum = largest(places.filter((place) => validation[place] === lowest));
  const bar = rounded(lowest + (errors[minimum] ?? 0));
  return { minimum, bar, simplest: largest(places.filter((place) => (validation[place] ?? 0) <= bar)) };
}

/** 0.64 + 0.05 is 0.6900000000000001 in binary fractions, and a loss of 0.69 must not be under a bar of 0.69 by chance only. */
const rounded = (value: number): number => Number(value.toPrecision(12));
