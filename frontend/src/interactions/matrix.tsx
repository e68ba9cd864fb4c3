import { Fragment } from "preact";
import { type Table, useCells } from "./cells";
import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { NumberField } from "./NumberField";
import { withMinus } from "./numeric";
import { readCount, readRules, readTyped } from "./reading";

interface MatrixSpec {
  rows: number;
  columns: number;
  reads: unknown;
}

function Input({ spec, value, onChange, locale, ...field }: InputProps<MatrixSpec, Table>) {
  const { id, label, disabled, invalid } = field;
  const { fieldAt, below } = useCells({
    table: value,
    onChange,
    idOf: (row, column) => `${id}-${row}-${column}`,
    nameOf: (row, column) => `Row ${row + 1}, column ${column + 1}`,
    rules: readRules(spec.reads, locale),
    disabled,
    invalid,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: the legend would repeat the label
    <div class="matrix-box" role="group" aria-label={label}>
      <div class="matrix" data-columns={spec.columns} style={`--columns: ${spec.columns}`}>
        <Heads count={spec.columns} />
        {value.map((line, row) => (
          <Fragment key={row}>
            <span class="matrix-number" aria-hidden="true">
              {row + 1}
            </span>
            {line.map((_, column) => (
              <NumberField
                {...field}
                {...fieldAt(row, column)}
                key={column}
                label={`${label}, row ${row + 1}, column ${column + 1}`}
              />
            ))}
          </Fragment>
        ))}
      </div>
      {below}
    </div>
  );
}

/** The numbers of the columns, for the eye: each field says its own. */
const Heads = ({ count }: { count: number }) => (
  <>
    <span />
    {Array.from({ length: count }, (_, column) => (
      <span class="matrix-number" key={column} aria-hidden="true">
        {column + 1}
      </span>
    ))}
  </>
);

const Answered = ({ value }: { value: Table }) => (
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

const Right = ({ value }: AnsweredProps<MatrixSpec, Table>) => (
  <Answered value={value.map((line) => line.map(withMinus))} />
);

export const matrix: InteractionKind<MatrixSpec, Table> = {
  layout: "block",
  readSpec: (raw) => ({ rows: readCount(raw.rows), columns: readCount(raw.columns), reads: raw.reads }),
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
