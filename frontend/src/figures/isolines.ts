import type { Point } from "../components/geometry";

type Surface = readonly (readonly (number | null)[])[];

/**
 * The line on which a sampled surface has this level, as separate segments (marching squares, linear in each cell).
 *
 * `surface[row][column]` is sampled at (column, row); the segments are in the same units. A cell with a gap is left out.
 */
export function isoline(surface: Surface, level: number): [Point, Point][] {
  const segments: [Point, Point][] = [];
  for (let row = 0; row + 1 < surface.length; row += 1)
    for (let column = 0; column + 1 < (surface[row]?.length ?? 0); column += 1)
      segments.push(...cell(surface, row, column, level));
  return segments;
}

function cell(surface: Surface, row: number, column: number, level: number): [Point, Point][] {
  const corners = [
    { x: column, y: row },
    { x: column + 1, y: row },
    { x: column + 1, y: row + 1 },
    { x: column, y: row + 1 },
  ];
  const crossings: Point[] = [];
  for (const [index, from] of corners.entries()) {
    const to = corners[(index + 1) % 4] ?? from;
    const [a, b] = [surface[from.y]?.[from.x], surface[to.y]?.[to.x]];
    if (a == null || b == null) return [];
    if (a < level !== b < level) crossings.push(between(from, to, (level - a) / (b - a)));
  }
  const [first, second, third, fourth] = crossings;
  if (!first || !second) return [];
  // A saddle has two pieces; which corners they cut off cannot be told from the corners alone.
  return third && fourth
    ? [
        [first, second],
        [third, fourth],
      ]
    : [[first, second]];
}

const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + share * (to.x - from.x),
  y: from.y + share * (to.y - from.y),
});

/** Levels that leave equal areas between their lines, from low to high. */
export function levels(surface: Surface, wanted: number): number[] {
  const sorted = surface
    .flat()
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const picked = Array.from(
    { length: wanted },
    (_, index) => sorted[Math.floor(((index + 0.5) / wanted) * sorted.length)],
  );
  return [...new Set(picked.filter((value) => value !== undefined))];
}
