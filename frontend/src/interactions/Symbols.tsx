import { useState } from "preact/hooks";

export interface SymbolsProps {
  /** The functions that the item knows. */
  functions: string[];
  /** The id of the field that they go into. */
  field: string;
  onInsert: (text: string) => void;
}

interface Key {
  sign: string;
  name: string;
  before: string;
  after: string;
  /** The function without which the key means nothing. */
  needs?: string;
}

const call = (sign: string, name: string, needs: string, typed = needs): Key => ({
  sign,
  name,
  before: `${typed}(`,
  after: ")",
  needs,
});

const KEYS: Key[] = [
  { sign: "^", name: "to the power of", before: "^", after: "" },
  { sign: "/", name: "divided by", before: "/", after: "" },
  { sign: "( )", name: "brackets", before: "(", after: ")" },
  { sign: "π", name: "pi", before: "pi", after: "" },
  call("√", "square root", "sqrt"),
  call("| |", "absolute value", "abs"),
  call("exp", "exponential", "exp"),
  call("ln", "natural logarithm", "log", "ln"),
  call("sin", "sine", "sin"),
  call("cos", "cosine", "cos"),
  call("tanh", "hyperbolic tangent", "tanh"),
  call("max", "maximum", "max"),
  call("min", "minimum", "min"),
];

/** The keys for an item that knows these functions. */
export const keysFor = (functions: string[]): Key[] =>
  KEYS.filter(({ needs }) => needs === undefined || functions.includes(needs));

/** What a text becomes when a key is pressed over a selection of it, and where the caret then stands. */
export function inserted(
  text: string,
  [start, end]: [number, number],
  { before, after }: Pick<Key, "before" | "after">,
): { text: string; caret: number } {
  const chosen = text.slice(start, end);
  const caret = start + before.length + chosen.length + (chosen ? after.length : 0);
  return { text: text.slice(0, start) + before + chosen + after + text.slice(end), caret };
}

/** A row of signs that go in at the caret. One stop for Tab; arrows go along it. */
export function Symbols({ functions, field, onInsert }: SymbolsProps) {
  const keys = keysFor(functions);
  const [at, setAt] = useState(0);
  const press = (key: Key) => {
    const input = document.getElementById(field);
    if (!(input instanceof HTMLInputElement)) return;
    const { value, selectionStart, selectionEnd } = input;
    const after = inserted(value, [selectionStart ?? value.length, selectionEnd ?? value.length], key);
    input.value = after.text;
    input.focus();
    input.setSelectionRange(after.caret, after.caret);
    onInsert(after.text);
  };
  const go = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: keys.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + keys.length) % keys.length;
    setAt(next);
    const buttons = (event.currentTarget as HTMLElement).querySelectorAll("button");
    buttons[next]?.focus();
  };
  return (
    <span class="symbols" role="toolbar" aria-label="Insert into the formula" onKeyDown={go}>
      {keys.map((key, index) => (
        <button
          key={key.sign}
          type="button"
          tabIndex={index === at ? 0 : -1}
          // A function is called by the letters that one sees.
          aria-label={/[a-z]/.test(key.sign) ? undefined : key.name}
          title={key.name}
          onFocus={() => setAt(index)}
          // The field keeps the focus, and a phone its keyboard.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => press(key)}
        >
          {key.sign}
        </button>
      ))}
    </span>
  );
}
