import { Formula } from "../components/Formula";
import type { InputProps, InteractionKind } from "./kind";
import { readString, readStrings } from "./reading";

interface ExpressionSpec {
  variables: string[];
}

const GREEK = /\b(alpha|beta|gamma|delta|epsilon|theta|lambda|mu|sigma|phi|omega|pi)\b/g;
const FUNCTIONS = /\b(sin|cos|tan|exp|log|ln|min|max)\b/g;

/** A likeness of the typed expression for the eye alone; the grader reads what was typed. */
export function preview(typed: string): string {
  return typed
    .replace(/[\\{}$#%&~]/g, "")
    .replace(/\bsqrt\(([^()]*)\)/g, "\\sqrt{$1}")
    .replace(/\*\*|\^/g, "^")
    .replace(/\^\(([^()]*)\)/g, "^{$1}")
    .replace(/\^(-?\d+(?:\.\d+)?)/g, "^{$1}")
    .replace(/\*/g, " \\cdot ")
    .replace(GREEK, "\\$1 ")
    .replace(FUNCTIONS, "\\$1 ");
}

function Input({
  spec,
  value,
  onChange,
  disabled,
  label,
  id,
  describedBy,
  invalid,
}: InputProps<ExpressionSpec, string>) {
  return (
    <span class="expression">
      <input
        id={id}
        class="field formula"
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        aria-label={`${label}, an expression in ${spec.variables.join(", ")}`}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        value={value}
        disabled={disabled}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {value.trim() && (
        <span class="expression-preview" aria-hidden="true">
          <Formula tex={preview(value)} />
        </span>
      )}
    </span>
  );
}

export const expression: InteractionKind<ExpressionSpec, string> = {
  layout: "inline",
  readSpec: (raw) => ({ variables: readStrings(raw.variables) }),
  readValue: readString,
  isComplete: (value) => value.trim() !== "",
  Input,
  Answered: ({ value }) =>
    value ? <code class="typed">{value}</code> : <span class="no-answer">no answer</span>,
};
