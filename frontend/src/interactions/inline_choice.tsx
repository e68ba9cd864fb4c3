import type { InputProps, InteractionKind } from "./kind";
import { plainText } from "./plain";
import { type Entry, readEntries, readString } from "./reading";

interface InlineChoiceSpec {
  options: Entry[];
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
}: InputProps<InlineChoiceSpec, string>) {
  return (
    <select
      id={id}
      class="field"
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      disabled={disabled}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">Choose…</option>
      {spec.options.map((option) => (
        <option key={option.id} value={option.id}>
          {plainText(option.html)}
        </option>
      ))}
    </select>
  );
}

function Answered({ spec, value }: { spec: InlineChoiceSpec; value: string }) {
  const chosen = spec.options.find((option) => option.id === value);
  return chosen ? (
    <span class="typed">{plainText(chosen.html)}</span>
  ) : (
    <span class="no-answer">no answer</span>
  );
}

export const inlineChoice: InteractionKind<InlineChoiceSpec, string> = {
  layout: "inline",
  readSpec: (raw) => ({ options: readEntries(raw.options) }),
  readValue: readString,
  isComplete: (value) => value !== "",
  Input,
  Answered,
};
