import { useState } from "preact/hooks";
import { Html } from "../components/Html";
import { announce } from "../state/announcer";
import type { InputProps, InteractionKind } from "./kind";
import { type Entry, readEntries, readStrings } from "./reading";

interface OrderingSpec {
  entries: Entry[];
}

/** The ids with the one at `from` moved to `to`. */
export function move(ids: string[], from: number, to: number): string[] {
  const rest = ids.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...ids.slice(from, from + 1), ...rest.slice(to)];
}

function Input({
  spec,
  value,
  onChange,
  disabled,
  label,
  id,
  describedBy,
}: InputProps<OrderingSpec, string[]>) {
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = value.length > 0 ? value : spec.entries.map((entry) => entry.id);
  const htmlOf = new Map(spec.entries.map((entry) => [entry.id, entry.html]));
  const moveTo = (from: number, to: number) => {
    if (to < 0 || to >= shown.length) return;
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
            <span class="ordering-buttons">
              <button
                type="button"
                id={`${id}-${entry}-up`}
                aria-label={`Move entry ${index + 1} up`}
                disabled={disabled || index === 0}
                onClick={() => moveTo(index, index - 1)}
              >
                ↑
              </button>
              <button
                type="button"
                id={`${id}-${entry}-down`}
                aria-label={`Move entry ${index + 1} down`}
                disabled={disabled || index === shown.length - 1}
                onClick={() => moveTo(index, index + 1)}
              >
                ↓
              </button>
            </span>
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

function Answered({ spec, value }: { spec: OrderingSpec; value: string[] }) {
  const htmlOf = new Map(spec.entries.map((entry) => [entry.id, entry.html]));
  if (value.length === 0) return <span class="no-answer">no answer</span>;
  return (
    <ol class="answered-options" aria-label="Your answer">
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
