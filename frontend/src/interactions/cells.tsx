import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../state/announcer";
import { Echo } from "./echo";
import { conventionOf, type Rules } from "./number_reader";
import { fit, readTable, written } from "./paste";

export type Table = string[][];

export interface CellsProps {
  table: Table;
  onChange: (table: Table) => void;
  /** The id of a field. */
  idOf: (row: number, column: number) => string;
  /** What a cell is called, for instance "Row 1, column 2". */
  nameOf: (row: number, column: number) => string;
  /** How the numbers are read; null where the app cannot tell. */
  rules: Rules | null;
  disabled: boolean;
  invalid: boolean;
}

interface Place {
  row: number;
  column: number;
}

/** What the fields of a table have in common: arrow keys, pasting, and one line that tells how a number is read. */
export function useCells(props: CellsProps) {
  const { table, onChange, idOf, nameOf, rules, disabled, invalid } = props;
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const { paste, note } = usePasting(props);
  const change = (place: Place, text: string) => {
    setActive(place);
    onChange(written(table, [[text]], place.row, place.column));
  };
  const fieldAt = (row: number, column: number) => ({
    id: idOf(row, column),
    value: table[row]?.[column] ?? "",
    onChange: (text: string) => change({ row, column }, text),
    onFocus: () => setActive({ row, column }),
    onPaste: (event: ClipboardEvent) => paste(event, { row, column }),
    onKeyDown: (event: KeyboardEvent) => {
      const next = neighbor(event, table, { row, column });
      if (!next) return;
      event.preventDefault();
      const field = document.getElementById(idOf(next.row, next.column));
      if (!(field instanceof HTMLInputElement)) return;
      field.focus();
      field.select();
    },
  });
  const below: ComponentChild = (
    <>
      {rules && !disabled && (
        <Echo
          // Of another field, what stands there already is nothing new.
          key={`${active.row}-${active.column}`}
          typed={table[active.row]?.[active.column] ?? ""}
          rules={rules}
          name={`${nameOf(active.row, active.column)}:`}
          isRefused={invalid}
        />
      )}
      {note}
    </>
  );
  return { fieldAt, below };
}

/** The cell that an arrow key leads to. Left and right stay in the text until its end; past the last cell there is none. */
function neighbor(event: KeyboardEvent, table: Table, { row, column }: Place): Place | null {
  const { key, currentTarget: field } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
  if (!(field instanceof HTMLInputElement) || !leavesText(key, field)) return null;
  const columns = table[0]?.length ?? 1;
  // A single row is a line of numbers, whichever way it is drawn.
  const across = table.length === 1 ? 1 : columns;
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
  const next = row * columns + column + (steps[key] ?? 0);
  if (!(key in steps) || next < 0 || next >= table.length * columns) return null;
  return { row: Math.floor(next / columns), column: next % columns };
}

function leavesText(
  key: string,
  { value, selectionStart: start, selectionEnd: end }: HTMLInputElement,
): boolean {
  const isWhole = start === 0 && end === value.length;
  if (key === "ArrowLeft") return isWhole || (start === 0 && end === 0);
  if (key === "ArrowRight") return isWhole || (start === value.length && end === value.length);
  return true;
}

interface Filled {
  words: string;
  /** The table before, to go back to. */
  before: Table | null;
}

/** Filling several cells by one paste, and taking it back. What does not fit changes nothing and says so. */
function usePasting({ table, onChange, nameOf, rules, idOf }: CellsProps) {
  const [filled, setFilled] = useState<Filled | null>(null);
  const tell = (told: Filled) => {
    setFilled(told);
    announce(told.words);
  };
  const paste = (event: ClipboardEvent, { row, column }: Place) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const pasted = readTable(text, conventionOf(rules?.locale ?? "en").decimal);
    if (!pasted) return setFilled(null);
    event.preventDefault();
    const room = { rows: table.length, columns: table[0]?.length ?? 1, row, column };
    const fitted = fit(pasted, room);
    if ("refusal" in fitted) return tell({ words: fitted.refusal, before: null });
    onChange(written(table, fitted.rows, row, column));
    tell({
      words: `Filled ${fitted.rows.flat().length} cells, from ${lower(nameOf(row, column))} on.`,
      before: table,
    });
  };
  const undo = (before: Table) => {
    onChange(before);
    tell({ words: "Taken back.", before: null });
    document.getElementById(idOf(0, 0))?.focus();
  };
  const note = filled && <PasteNote {...filled} undo={undo} />;
  return { paste, note };
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const PasteNote = ({ words, before, undo }: Filled & { undo: (before: Table) => void }) => (
  <span class="paste-note">
    {words}{" "}
    {before && (
      <button type="button" class="text-button" onClick={() => undo(before)}>
        Undo
      </button>
    )}
  </span>
);
