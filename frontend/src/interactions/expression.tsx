import type { InputProps, InteractionKind } from "./kind";
import { readString, readStrings } from "./reading";
import { Typed } from "./typed";

interface ExpressionSpec {
  variables: string[];
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
          <Typed text={value} />
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
