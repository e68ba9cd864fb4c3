import { shortNumber } from "../../figures/scale";

export interface SliderProps {
  label: string;
  value: number;
  low: number;
  high: number;
  /** The distance of two stops, in the value's own unit; on a logarithmic scale in decades. */
  step: number;
  /** Equal steps multiply the value by equal factors. */
  logarithmic?: boolean;
  /** The value in words or numbers, beside the slider and for screen readers. */
  format?: (value: number) => string;
  onChange: (value: number) => void;
  disabled?: boolean;
}

/** A labeled slider that says its value. */
export function Slider(props: SliderProps) {
  const {
    label,
    value,
    low,
    high,
    step,
    logarithmic = false,
    format = shortNumber,
    onChange,
    disabled,
  } = props;
  const place = logarithmic ? Math.log10 : (number: number) => number;
  const number = logarithmic ? (stop: number) => 10 ** stop : (stop: number) => stop;
  return (
    <label class="slider">
      <span class="slider-label">{label}</span>
      <input
        type="range"
        min={place(low)}
        max={place(high)}
        step={step}
        value={place(value)}
        disabled={disabled}
        aria-valuetext={format(value)}
        onInput={(event) => onChange(rounded(number(event.currentTarget.valueAsNumber)))}
      />
      <output class="slider-value">{format(value)}</output>
    </label>
  );
}

/** Without the noise of binary fractions: the value is shown, kept in links, and computed with. */
const rounded = (value: number): number => Number(value.toPrecision(12));
