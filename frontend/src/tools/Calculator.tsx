import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { announce } from "../state/announcer";
import { calculate, Incalculable, written } from "./arithmetic";

interface Done {
  typed: string;
  value: number;
}

/** How many results are listed. */
const LISTED = 8;

/** What was typed and calculated stays as long as the page lives, whether or not the calculator is open. */
const typed = signal("");
const done = signal<readonly Done[]>([]);
const trouble = signal<string | null>(null);

const KEYS: [inserts: string, label: string, name?: string][] = [
  ["sqrt(", "√", "root"],
  ["exp(", "exp"],
  ["ln(", "ln"],
  ["(", "(", "open bracket"],
  [")", ")", "close bracket"],
  ["7", "7"],
  ["8", "8"],
  ["9", "9"],
  ["÷", "÷", "divided by"],
  ["^", "^", "to the power of"],
  ["4", "4"],
  ["5", "5"],
  ["6", "6"],
  ["×", "×", "times"],
  ["π", "π", "pi"],
  ["1", "1"],
  ["2", "2"],
  ["3", "3"],
  ["−", "−", "minus"],
  ["e", "e"],
  ["0", "0"],
  [".", ".", "point"],
  ["ans", "ans", "ans, the last result"],
  ["+", "+", "plus"],
];

/** Calculates what is typed. Made for whoever has no other one at hand, by keys and by touch. */
export function Calculator() {
  const field = useRef<HTMLInputElement>(null);
  const last = done.value.at(-1)?.value ?? null;
  const insert = (text: string) => {
    const { current: input } = field;
    if (!input) return;
    input.focus();
    input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? 0, "end");
    typed.value = input.value;
    trouble.value = null;
  };
  const finish = () => {
    if (typed.value.trim() === "") return;
    try {
      const value = calculate(typed.value, last);
      announce(`${typed.value} is ${written(value)}`);
      done.value = [...done.value, { typed: typed.value, value }].slice(-LISTED);
      typed.value = "";
    } catch (error) {
      if (!(error instanceof Incalculable)) throw error;
      trouble.value = error.message;
      announce(error.message);
    }
    field.current?.focus();
  };
  return (
    <form
      class="calculator"
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <ol class="calculator-done" aria-label="Results">
        {done.value.map((one, index) => (
          <li key={index}>
            <span>{one.typed} =</span>{" "}
            <button type="button" title="Use this result" onClick={() => insert(written(one.value))}>
              {written(one.value)}
            </button>
          </li>
        ))}
      </ol>
      <label class="visually-hidden" for="calculator-field">
        Calculation
      </label>
      <input
        ref={field}
        id="calculator-field"
        class="field"
        // The keys below have what a keyboard of digits lacks.
        inputMode={matchMedia("(pointer: coarse)").matches ? "none" : "text"}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={500}
        placeholder="(1 - 2*0.1*0.5)*3"
        value={typed.value}
        aria-describedby="calculator-says"
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          trouble.value = null;
        }}
      />
      <p class="calculator-says" id="calculator-says">
        {trouble.value ?? preview(last)}
      </p>
      <div class="calculator-keys">
        {KEYS.map(([inserts, label, name]) => (
          <button key={label} type="button" aria-label={name} onClick={() => insert(inserts)}>
            {label}
          </button>
        ))}
        <button type="submit" class="calculator-equals" aria-label="Calculate">
          =
        </button>
      </div>
      <button type="button" class="button quiet small" onClick={clear}>
        Clear all
      </button>
    </form>
  );
}

function clear(): void {
  typed.value = "";
  done.value = [];
  trouble.value = null;
}

/** What it comes to as it stands; nothing while it is unfinished. */
function preview(last: number | null): string {
  if (typed.value.trim() === "") return "";
  try {
    return `= ${written(calculate(typed.value, last))}`;
  } catch {
    // Nobody is interrupted while typing; Enter says what is wrong.
    return "";
  }
}
