/** Small dense systems of linear equations. */
export type Vector = readonly number[];
export type Matrix = readonly Vector[];

export const dot = (a: Vector, b: Vector): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

export const times = (matrix: Matrix, vector: Vector): number[] => matrix.map((row) => dot(row, vector));

/** x of M x = b, for a symmetric and positive definite M, by its Cholesky factor M = L L'. */
export function solved(matrix: Matrix, right: Vector): number[] {
  const factor = cholesky(matrix);
  const middle: number[] = [];
  for (const [row, entries] of factor.entries())
    middle.push(((right[row] ?? 0) - dot(entries.slice(0, row), middle)) / (entries[row] ?? 1));
  const result: number[] = new Array(middle.length).fill(0);
  for (let row = middle.length - 1; row >= 0; row -= 1) {
    const below = factor.slice(row + 1).map((entries) => entries[row] ?? 0);
    result[row] = ((middle[row] ?? 0) - dot(below, result.slice(row + 1))) / (factor[row]?.[row] ?? 1);
  }
  return result;
}

/** The rows of L, each up to its diagonal. */
function cholesky(matrix: Matrix): number[][] {
  const factor: number[][] = [];
  for (const [row, entries] of matrix.entries()) {
    const made: number[] = [];
    for (let column = 0; column < row; column += 1) {
      const other = factor[column] ?? [];
      made.push(((entries[column] ?? 0) - dot(made, other.slice(0, column))) / (other[column] ?? 1));
    }
    factor.push([...made, Math.sqrt((entries[row] ?? 0) - dot(made, made))]);
  }
  return factor;
}

/** M + λ I. */
export const raised = (matrix: Matrix, strength: number): number[][] =>
  matrix.map((entries, row) => entries.map((value, column) => (row === column ? value + strength : value)));

/** X'X/n and X'y/n of a table with its observations in rows. */
export function moments(rows: Matrix, targets: Vector): { gram: number[][]; pull: number[] } {
  const count = rows.length;
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0));
  return {
    gram: columns.map((one) => columns.map((other) => dot(one, other) / count)),
    pull: columns.map((one) => dot(one, targets) / count),
  };
}

export const mean = (values: Vector): number => values.reduce((sum, value) => sum + value, 0) / values.length;
