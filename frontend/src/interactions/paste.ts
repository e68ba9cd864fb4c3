/** Read a row, a column or a table of numbers as programs print them and people copy them. */

export interface Pasted {
  rows: string[][];
  /** Whether the text says where its rows end; printed numbers of one pair of brackets may merely have been wrapped. */
  hasRows: boolean;
}

const WRAPPINGS =
  /\\begin\{[^}]*\}(?:\{[^}]*\})?|\\end\{[^}]*\}|\\(?:left|right)\b|\b(?:np\.|numpy\.)?(?:array|matrix|tensor)\b|,?\s*dtype=[\w.]+|\$/g;
const INNER = /[[(]([^[\]()]*)[\])]/g;

/** The cells of a pasted text; null where it is not several numbers, so that it is pasted as text. */
export function readTable(pasted: string, decimal: string): Pasted | null {
  if (pasted.length > LONGEST_TEXT) return null;
  const text = pasted.replace(/\r\n?/g, "\n").replace(WRAPPINGS, " ").replaceAll("{,}", ",").trim();
  const groups = [...text.matchAll(INNER)].map(([, inner = ""]) => inner.replaceAll("\n", " "));
  const isNested = groups.length > 1;
  const plain = text.replace(/[[\](){}]/g, " ");
  const lines = isNested ? groups : linesOf(plain);
  const rows = lines.map((line) => cellsOf(line, decimal)).filter((cells) => cells.length > 0);
  const cells = rows.flat();
  if (cells.filter(Boolean).length < 2 || !cells.every(isNumberLike)) return null;
  const isOneBracket = groups.length === 1 && !/[;&]|\\\\/.test(text);
  return { rows, hasRows: !isOneBracket };
}

/** Characters of a cell, and of all that is read; no table of an item is so large. */
const [LONGEST, LONGEST_TEXT] = [40, 20_000];

/** Whether it may be a number, or an empty cell; whether it is one is said where it then stands. */
const isNumberLike = (cell: string): boolean => cell === "" || (/\d/.test(cell) && cell.length <= LONGEST);

/** A semicolon ends a row, unless the rows have lines of their own: then it stands between cells, as in spreadsheets. */
function linesOf(text: string): string[] {
  const lines = text.split(/\n|\\\\/).map((line) => line.trim().replace(/;$/, ""));
  if (lines.filter(Boolean).length > 1) return lines;
  return lines.flatMap((line) => line.split(";"));
}

/** The cells of one line, parted by the strongest mark that it holds. */
function cellsOf(line: string, decimal: string): string[] {
  const comma = decimal === "," ? /,(?=\s|$)/ : /,/;
  const mark = [/\t/, /&/, /;/, comma].find((one) => one.test(line.trim())) ?? /\s+/;
  return line
    .trim()
    .replace(/[,;&]\s*$/, "")
    .split(mark)
    .map((cell) => cell.trim())
    .filter((cell, _, all) => cell !== "" || all.length > 1);
}

export interface Target {
  rows: number;
  columns: number;
  row: number;
  column: number;
}

export type Fitted = { rows: string[][] } | { refusal: string };

/** The pasted rows as they fit from a cell on, or why they do not; nothing is cut off. */
export function fit({ rows, hasRows }: Pasted, { rows: height, columns, row, column }: Target): Fitted {
  const isLine = height === 1 || columns === 1;
  const isFlat = rows.length === 1 || rows.every((cells) => cells.length === 1) || !hasRows;
  const shaped = isLine && isFlat ? lined(rows.flat(), columns === 1) : rows;
  const width = shaped[0]?.length ?? 0;
  if (shaped.some((cells) => cells.length !== width))
    return { refusal: "The rows that you pasted differ in length. Nothing was changed." };
  const room = { rows: height - row, columns: columns - column };
  if (shaped.length <= room.rows && width <= room.columns) return { rows: shaped };
  const pasted = isLine && isFlat ? `${rows.flat().length} numbers` : `${shaped.length} × ${width} numbers`;
  const places = isLine ? `${Math.max(room.rows, room.columns)}` : `${room.rows} × ${room.columns}`;
  return { refusal: `You pasted ${pasted}, but from here there is room for ${places}. Nothing was changed.` };
}

const lined = (cells: string[], isColumn: boolean): string[][] =>
  isColumn ? cells.map((cell) => [cell]) : [cells];

/** The table with the fitting rows written into it. */
export function written(table: string[][], rows: string[][], row: number, column: number): string[][] {
  return table.map((line, r) => line.map((old, c) => rows[r - row]?.[c - column] ?? old));
}
