export interface ChoicesProps<Value extends string> {
  label: string;
  /** Unique on the page. */
  name: string;
  options: readonly (readonly [value: Value, words: string])[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few, side by side. */
export const Choices = <Value extends string>({
  label,
  name,
  options,
  value,
  onChange,
}: ChoicesProps<Value>) => (
  <fieldset class="choices">
    <legend>{label}</legend>
    {options.map(([option, words]) => (
      <label key={option} class="choices-option">
        <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
        <span>{words}</span>
      </label>
    ))}
  </fieldset>
);
