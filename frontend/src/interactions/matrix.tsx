import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { NumberField } from "./NumberField";
import { withMinus } from "./numeric";
import { readCount, readTyped } from "./reading";

interface MatrixSpec {
  rows: number;
  columns: number;
}

type Cells = string[][];

const replace = (cells: Cells, row: number, column: number, text: string): Cells =>
  cells.map((line, r) => (r === row ? line.map((old, c) => (c === column ? text : old)) : line));

function Input({ spec, value, onChange, label, id, ...field }: InputProps<MatrixSpec, Cells>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line of text
    <span class="matrix" role="group" aria-label={label} data-columns={spec.columns}>
      {value.map((line, row) => (
        <span class="matrix-row" key={row}>
          {line.map((text, column) => (
            <NumberField
              {...field}
              key={column}
              id={`${id}-${row}-${column}`}
              label={`${label}, row ${row + 1}, column ${column + 1}`}
              value={text}
              onChange={(typed) => onChange(replace(value, row, column, typed))}
            />
          ))}
        </span>
      ))}
    </span>
  );
}

const Answered = ({ value }: { value: Cells }) => (
  <table class="answered-matrix">
    <tbody>
      {value.map((line, row) => (
        <tr key={row}>
          {line.map((text, column) => (
            <td key={column}>{text || "–"}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);

const Right = ({ value }: AnsweredProps<MatrixSpec, Cells>) => (
  <Answered value={value.map((line) => line.map(withMinus))} />
);

export const matrix: InteractionKind<MatrixSpec, Cells> = {
  layout: "block",
  readSpec: (raw) => ({ rows: readCount(raw.rows), columns: readCount(raw.columns) }),
  readValue: (stored, { rows, columns }) => {
    const lines: unknown[] = Array.isArray(stored) ? stored : [];
    return Array.from({ length: rows }, (_, row) => {
      const line: unknown = lines[row];
      return Array.from({ length: columns }, (_, column) =>
        readTyped(Array.isArray(line) ? line[column] : ""),
      );
    });
  },
  isComplete: (value) => value.flat().every((text) => text.trim() !== ""),
  Input,
  Answered,
  Right,
};
