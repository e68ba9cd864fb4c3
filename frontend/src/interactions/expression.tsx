import { useSpokenPause } from "./echo";
import { troubleIn } from "./formula_reader";
import type { InputProps, InteractionKind } from "./kind";
import { useLate } from "./late";
import { readString, readStrings } from "./reading";
import type { SymbolsProps } from "./Symbols";
import { Typed } from "./typed";

interface ExpressionSpec {
  variables: string[];
  functions: string[];
  longest: number;
}

const LONGEST = 500;

const fetchSymbols = () => import("./Symbols").then(({ Symbols }) => Symbols);

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
  const Symbols = useLate<SymbolsProps>(fetchSymbols, !disabled);
  return (
    <span class="expression">
      <input
        id={id}
        class="field formula"
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        maxLength={spec.longest}
        aria-label={`${label}, an expression in ${spec.variables.join(", ")}`}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        value={value}
        disabled={disabled}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {Symbols && !disabled && <Symbols functions={spec.functions} field={id} onInsert={onChange} />}
      {value.trim() && (
        <span class="expression-preview" aria-hidden="true">
          <Typed text={value} />
        </span>
      )}
      {!disabled && !invalid && <Trouble typed={value} />}
    </span>
  );
}

/** What is missing in a formula, once the typing pauses. */
function Trouble({ typed }: { typed: string }) {
  const trouble = typed.trim() && troubleIn(typed);
  const hasPaused = useSpokenPause(typed, trouble || "");
  return trouble && hasPaused ? <span class="echo">{trouble}</span> : null;
}

export const expression: InteractionKind<ExpressionSpec, string> = {
  layout: "inline",
  readSpec: (raw) => ({
    variables: readStrings(raw.variables),
    functions: readStrings(raw.functions),
    longest: typeof raw.max_length === "number" ? raw.max_length : LONGEST,
  }),
  readValue: readString,
  isComplete: (value) => value.trim() !== "",
  Input,
  Answered: ({ value }) =>
    value ? <code class="typed">{value}</code> : <span class="no-answer">no answer</span>,
};
