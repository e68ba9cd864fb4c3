/** Places in the text of a document. */

/** The line of a key, followed level by level; the last that was found. */
export function lineOf(lines: string[], path: string[]): number {
  let at = -1;
  for (const step of path) {
    const next = lines.findIndex((line, number) => number > at && line.trimStart().startsWith(`${step}:`));
    if (next < 0) break;
    at = next;
  }
  return Math.max(at, 0);
}
