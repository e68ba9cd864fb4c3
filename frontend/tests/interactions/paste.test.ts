import { describe, expect, it } from "vitest";
import { fit, readTable, written } from "../../src/interactions/paste";

const SQUARE = [
  ["1", "2"],
  ["3", "-4.5"],
];

describe("a pasted table", () => {
  it.each([
    ["1 2\n3 -4.5", "spaces"],
    ["1\t2\r\n3\t-4.5\r\n", "a spreadsheet"],
    ["1, 2\n3, -4.5", "commas"],
    ["1; 2\n3; -4.5", "semicolons in lines"],
    ["1 2; 3 -4.5", "MATLAB"],
    ["[1, 2; 3, -4.5]", "MATLAB with brackets"],
    ["[[ 1   2 ]\n [ 3  -4.5]]", "numpy's print"],
    ["array([[1, 2],\n       [3, -4.5]], dtype=float32)", "numpy's repr"],
    ["[[1, 2], [3, -4.5]]", "a list"],
    ["((1, 2), (3, -4.5))", "a tuple"],
    ["\\begin{pmatrix} 1 & 2 \\\\ 3 & -4.5 \\end{pmatrix}", "LaTeX"],
    ["\\left[\\begin{array}{cc} 1 & 2 \\\\\n 3 & -4.5 \\\\ \\end{array}\\right]", "LaTeX over lines"],
  ])("is read from %j (%s)", (text) => {
    expect(readTable(text, ".")?.rows).toEqual(SQUARE);
  });

  it("has its comma in the number where the locale writes it so", () => {
    expect(readTable("1,5; 2,5", ",")?.rows.flat()).toEqual(["1,5", "2,5"]);
    expect(readTable("1,5\t2,5\n3\t4", ",")?.rows).toEqual([
      ["1,5", "2,5"],
      ["3", "4"],
    ]);
    expect(readTable("1,5, 2,5", ",")?.rows).toEqual([["1,5", "2,5"]]);
    expect(readTable("1{,}5 & 2{,}5", ",")?.rows).toEqual([["1,5", "2,5"]]);
  });

  it("keeps an empty cell where it stands", () => {
    expect(readTable("1\t\t3", ".")?.rows).toEqual([["1", "", "3"]]);
  });

  it.each(["", "0.5", "[0.5]", "w = 1", "about 3 apples", "1 two", "\n\n", "1\t", `1 ${"2".repeat(41)}`])(
    "is none, and pasted as text: %j",
    (text) => {
      expect(readTable(text, ".")).toBeNull();
    },
  );

  it("does not hang on hostile text", () => {
    for (const piece of ["[", "(", "\\begin{", "\\\\", "&", "array(", "{,}", "1 "])
      expect(() => readTable(piece.repeat(20_000 / piece.length), ".")).not.toThrow();
  });
});

describe("where a pasted table goes", () => {
  const place = { rows: 2, columns: 2, row: 0, column: 0 };
  const pasted = (rows: string[][], hasRows = true) => ({ rows, hasRows });

  it("fits from the cell on", () => {
    expect(fit(pasted(SQUARE), place)).toEqual({ rows: SQUARE });
    expect(
      written(
        [
          ["a", "b"],
          ["c", "d"],
        ],
        [["x"]],
        1,
        0,
      ),
    ).toEqual([
      ["a", "b"],
      ["x", "d"],
    ]);
  });

  it("is a line where the place is one, as a row or as a column", () => {
    const vector = { rows: 1, columns: 3, row: 0, column: 0 };
    expect(fit(pasted([["1"], ["2"], ["3"]]), vector)).toEqual({ rows: [["1", "2", "3"]] });
    expect(fit(pasted([["1", "2"], ["3"]], false), vector)).toEqual({ rows: [["1", "2", "3"]] });
    const column = { rows: 3, columns: 1, row: 1, column: 0 };
    expect(fit(pasted([["1", "2"]]), column)).toEqual({ rows: [["1"], ["2"]] });
  });

  it.each([
    [
      pasted(SQUARE),
      { ...place, row: 1 },
      "You pasted 2 × 2 numbers, but from here there is room for 1 × 2.",
    ],
    [pasted(SQUARE), { rows: 1, columns: 4, row: 0, column: 0 }, "You pasted 2 × 2 numbers"],
    [
      pasted([["1", "2", "3"]]),
      { rows: 1, columns: 3, row: 0, column: 1 },
      "3 numbers, but from here there is room for 2.",
    ],
    [pasted([["1", "2"], ["3"]]), place, "differ in length"],
  ])("is refused with words where it does not fit", (table, target, words) => {
    expect(fit(table, target)).toMatchObject({ refusal: expect.stringContaining(words) });
  });
});
