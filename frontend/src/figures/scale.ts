/** From the numbers of a figure to places on the screen. */

/** Where a value lies between the ends of an axis, 0 to 1. */
export interface Extent {
  low: number;
  high: number;
}

/** The extent of what is finite among the values; of nothing, and of a single value, a unit around it. */
export function extentOf(values: Iterable<number | null>): Extent {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { low: 0, high: 1 };
  return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high };
}

/** A little air above and below. */
export function padded({ low, high }: Extent, share = 0.06): Extent {
  const air = (high - low) * share;
  return { low: low - air, high: high + air };
}

const NICE = [1, 2, 2.5, 5, 10];

/** About `wanted` round numbers within the extent. */
export function ticks({ low, high }: Extent, wanted = 5): number[] {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (NICE.find((nice) => nice * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A function that takes a value to its place, so that `low` lands on `from` and `high` on `to`. */
export function scale({ low, high }: Extent, from: number, to: number): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** A number as short as it is readable: 0.25, 1200, 3e-5. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? value.toExponential(1)
      : String(Number(value.toPrecision(4)));
  return text.replace("-", "−");
}
