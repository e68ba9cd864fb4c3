import type { Point } from "../../components/geometry";
import { type Extent, scale, ticks } from "../../figures/scale";

/** An axis of a chart. On a logarithmic axis the ends are positive. */
export interface Axis extends Extent {
  logarithmic?: boolean;
  /** The values that are marked, as many of them as there is room for; without them round ones are chosen. */
  ticks?: readonly number[];
  format?: (value: number) => string;
}

/** Room around the area of a chart, in CSS pixels. */
export interface Margin {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** From values to places on a stage, and back. */
export interface Plot {
  x: (value: number) => number;
  y: (value: number) => number;
  place: (values: Point) => Point;
  unplace: (place: Point) => Point;
  /** The area within the axes. */
  area: Margin;
}

export function plotOf(x: Axis, y: Axis, width: number, height: number, margin: Margin): Plot {
  const area = {
    left: margin.left,
    right: width - margin.right,
    top: margin.top,
    bottom: height - margin.bottom,
  };
  const across = along(x, area.left, area.right);
  const up = along(y, area.bottom, area.top);
  return {
    x: across.place,
    y: up.place,
    place: (values) => ({ x: across.place(values.x), y: up.place(values.y) }),
    unplace: (place) => ({ x: across.value(place.x), y: up.value(place.y) }),
    area,
  };
}

function along({ low, high, logarithmic = false }: Axis, from: number, to: number) {
  const forth = logarithmic ? Math.log10 : (value: number) => value;
  const back = logarithmic ? (value: number) => 10 ** value : (value: number) => value;
  const ends = { low: forth(low), high: forth(high) };
  const place = scale(ends, from, to);
  const unplace = scale({ low: from, high: to }, ends.low, ends.high);
  return {
    place: (value: number) => place(forth(value)),
    value: (at: number) => back(unplace(at)),
  };
}

/** What an axis marks when there is room for about `wanted` of them; powers of ten on a logarithmic one. */
export function marks(axis: Axis, wanted: number): readonly number[] {
  if (axis.ticks) {
    const step = Math.ceil(axis.ticks.length / wanted);
    return axis.ticks.filter((_, index) => index % step === 0);
  }
  if (!axis.logarithmic) return ticks(axis, wanted);
  const [first, last] = [Math.ceil(Math.log10(axis.low) - 1e-9), Math.floor(Math.log10(axis.high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / wanted));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) =>
    Number(`1e${first + index * step}`),
  );
}

/** A number in plain decimals, with three digits that count: 0.00012, 1.5, 120. */
export const plainNumber = (value: number, digits = 3): string =>
  String(Number(value.toPrecision(digits))).replace("-", "−");

/** A number with a fixed count of decimals and a real minus sign; what rounds to zero has no sign. */
export function decimals(value: number, places = 2): string {
  const text = value.toFixed(places);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** Places of labels beside their wishes, at least `gap` apart and within bounds, in the order of the wishes. */
export function spread(wishes: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wishes.map((_, index) => index).sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0));
  const places: number[] = [];
  for (const index of order) {
    const previous = places.at(-1) ?? Number.NEGATIVE_INFINITY;
    places.push(Math.max(wishes[index] ?? 0, previous + gap, low));
  }
  let ceiling = high;
  for (let at = places.length - 1; at >= 0; at -= 1) {
    places[at] = Math.min(places[at] ?? 0, ceiling);
    ceiling = (places[at] ?? 0) - gap;
  }
  return wishes.map((_, index) => places[order.indexOf(index)] ?? 0);
}
