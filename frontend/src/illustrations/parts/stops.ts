/** A value of a logarithmic slider with two digits that count, three where the first is a one: round, and never stuck. */
export function roundStop(value: number): number {
  const lead = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return Number(value.toPrecision(lead < 2 ? 3 : 2));
}

/** The stops of a logarithmic slider, in decades: 1, 2, 4, 5 and 10 are among them. */
export const FINE = 0.02;
