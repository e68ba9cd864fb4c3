import { useState } from "preact/hooks";
import { Html } from "../components/Html";
import { announce } from "../state/announcer";
import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { type Entry, readEntries, readStrings } from "./reading";

interface OrderingSpec {
  entries: Entry[];
}

/** The ids with the one at `from` moved to `to`. */
export function move(ids: string[], from: number, to: number): string[] {
  const rest = ids.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...ids.slice(from, from + 1), ...rest.slice(to)];
}

function Input({ spec, value, onChange, disabled, label, describedBy }: InputProps<OrderingSpec, string[]>) {
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = value.length > 0 ? value : spec.entries.map((entry) => entry.id);
  const htmlOf = new Map(spec.entries.map((entry) => [entry.id, entry.html]));
  const moveTo = (from: number, to: number) => {
    if (disabled || to < 0 || to >= shown.length) return;
    onChange(move(shown, from, to));
    announce(`Now at place ${to + 1} of ${shown.length}.`);
  };
  return (
    <div class="ordering-box">
      <ol class="ordering" aria-label={label} aria-describedby={describedBy}>
        {shown.map((entry, index) => (
          <li
            key={entry}
            class="ordering-entry"
            draggable={!disabled}
            data-dragged={dragged === index}
            onDragStart={() => setDragged(index)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={() => dragged !== null && moveTo(dragged, index)}
          >
            <Html html={htmlOf.get(entry) ?? ""} class="option-text" />
            <Mover index={index} count={shown.length} disabled={disabled} moveTo={moveTo} />
          </li>
        ))}
      </ol>
      {value.length === 0 && !disabled && (
        <button type="button" class="button quiet small" onClick={() => onChange(shown)}>
          Keep this order
        </button>
      )}
    </div>
  );
}

interface MoverProps {
  index: number;
  count: number;
  disabled: boolean;
  moveTo: (from: number, to: number) => void;
}

/** Up and down for one entry. At an end a button does nothing but keeps the focus, which a disabled one would lose. */
function Mover({ index, count, disabled, moveTo }: MoverProps) {
  const button = (sign: string, name: string, to: number) => (
    <button
      type="button"
      aria-label={`Move entry ${index + 1} ${name}`}
      aria-disabled={to < 0 || to >= count}
      disabled={disabled}
      onClick={() => moveTo(index, to)}
    >
      {sign}
    </button>
  );
  return (
    <span class="ordering-buttons">
      {button("↑", "up", index - 1)}
      {button("↓", "down", index + 1)}
    </span>
  );
}

function Answered({ spec, value, label = "Your answer" }: AnsweredProps<OrderingSpec, string[]>) {
  const htmlOf = new Map(spec.entries.map((entry) => [entry.id, entry.html]));
  if (value.length === 0) return <span class="no-answer">no answer</span>;
  return (
    <ol class="answered-options" aria-label={label}>
      {value.map((entry) => (
        <li key={entry}>
          <Html html={htmlOf.get(entry) ?? ""} />
        </li>
      ))}
    </ol>
  );
}

/** Untouched, the order on the screen is nobody's answer; so the value stays empty until something was moved. */
export const ordering: InteractionKind<OrderingSpec, string[]> = {
  layout: "block",
  readSpec: (raw) => ({ entries: readEntries(raw.entries) }),
  readValue: (stored, { entries }) => {
    const ids = readStrings(stored).filter((id) => entries.some((entry) => entry.id === id));
    return ids.length === entries.length ? ids : [];
  },
  isComplete: (value) => value.length > 0,
  Input,
  Answered,
};
