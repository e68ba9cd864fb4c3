/**
 * What is plainly unfinished in a typed formula, in the server's words and at its columns.
 *
 * Only what the reader of `content/items/equivalence` refuses whatever else it makes of the text: it reads formulas as
 * people write them, which is not repeated here. `tests/interactions/formulas.json` holds what it says.
 */
const OPEN = "this bracket is never closed";
const CLOSED = "this bracket closes nothing";
const END = "a number or a name is missing at the end";

/** Of a text with other signs the server may say something else first. */
const FAMILIAR = /^[\w\s().,+\-*/^√]*$/;

/** Why the formula cannot be read as it stands; null where the server may well read it, or knows better. */
export function troubleIn(typed: string): string | null {
  if (!FAMILIAR.test(typed)) return null;
  const open: number[] = [];
  for (const [index, sign] of [...typed].entries()) {
    if (sign === "(") open.push(index + 1);
    else if (sign === ")" && open.pop() === undefined) return at(index + 1, CLOSED);
  }
  const last = open.at(-1);
  if (last !== undefined) return at(last, OPEN);
  return /[\w)]\s*[-+*/^]\s*$/.test(typed) ? at([...typed].length + 1, END) : null;
}

const at = (column: number, reason: string): string => `At column ${column}: ${reason}.`;
