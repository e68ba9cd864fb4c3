/** Values from low to high at equal ratios. */
export const decadesBetween = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => low * (high / low) ** (index / (count - 1)));
