/**
 * A stream of random numbers that gives the same numbers everywhere: mulberry32 (T. Ettinger, 2017, public domain).
 *
 * A state of 32 bits grows by 0x6d2b79f5 at each step; two rounds of multiplying and shifting make the output of it.
 */
export type Uniforms = () => number;

/** Numbers of [0, 1) with 32 random bits, by the seed. */
export function uniforms(seed: number): Uniforms {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` numbers of the standard normal distribution, two from each two uniform ones (Box and Muller, 1958). */
export function normals(next: Uniforms, count: number): number[] {
  const drawn: number[] = [];
  while (drawn.length < count) {
    // 1 - u is never 0, whose logarithm is not a number.
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    drawn.push(radius * Math.cos(angle), radius * Math.sin(angle));
  }
  return drawn.slice(0, count);
}

/** One of several streams of a seed, which have nothing to do with each other. */
export const uniformsOf = (seed: number, part: number): Uniforms =>
  uniforms((Math.imul(seed + 1, 0x9e3779b9) + Math.imul(part + 1, 0x85ebca6b)) >>> 0);

/** The values in an order that is as likely as any other (Fisher and Yates, from the end). */
export function shuffled<Value>(values: readonly Value[], next: Uniforms): Value[] {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other] as Value, order[last] as Value];
  }
  return order;
}
