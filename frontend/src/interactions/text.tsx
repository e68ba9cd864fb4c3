import type { InputProps, InteractionKind } from "./kind";
import { readString } from "./reading";

interface TextSpec {
  placeholder: string;
  longest: number;
}

const LONGEST = 1000;

function Input({
  spec,
  value,
  onChange,
  disabled,
  label,
  id,
  describedBy,
  invalid,
}: InputProps<TextSpec, string>) {
  return (
    <input
      id={id}
      class="field words"
      type="text"
      autoComplete="off"
      placeholder={spec.placeholder}
      maxLength={spec.longest}
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      value={value}
      disabled={disabled}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export const text: InteractionKind<TextSpec, string> = {
  layout: "inline",
  readSpec: (raw) => ({
    placeholder: readString(raw.placeholder),
    longest: typeof raw.max_length === "number" ? raw.max_length : LONGEST,
  }),
  readValue: readString,
  isComplete: (value) => value.trim() !== "",
  Input,
  Answered: ({ value }) => (value ? <q class="typed">{value}</q> : <span class="no-answer">no answer</span>),
};
