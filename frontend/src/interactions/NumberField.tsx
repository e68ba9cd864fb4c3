export interface NumberFieldProps {
  id: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
  disabled: boolean;
  invalid: boolean;
  describedBy: string | undefined;
}

/** A field for one number, as text: what the learner typed reaches the grader as it is, "1,5" included. */
export function NumberField({
  id,
  label,
  value,
  onChange,
  disabled,
  invalid,
  describedBy,
}: NumberFieldProps) {
  return (
    <input
      id={id}
      class="field number"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      autoCapitalize="off"
      spellcheck={false}
      enterKeyHint="send"
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      value={value}
      disabled={disabled}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}
