import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { NumberField } from "./NumberField";
import { readString, readTyped } from "./reading";

interface NumericSpec {
  /** The number of components of a vector; null for a single number. */
  length: number | null;
  unit: string;
}

type Typed = string | string[];

function Input({ spec, value, onChange, label, id, ...field }: InputProps<NumericSpec, Typed>) {
  const unit = spec.unit && <span class="unit">{spec.unit}</span>;
  if (!Array.isArray(value))
    return (
      <span class="scalar">
        <NumberField
          {...field}
          id={id}
          label={withUnit(label, spec.unit)}
          value={value}
          onChange={onChange}
        />
        {unit}
      </span>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line of text
    <span class="vector" role="group" aria-label={withUnit(label, spec.unit)}>
      {value.map((text, index) => (
        <span class="component" key={index}>
          <span class="component-name" aria-hidden="true">
            {index + 1}
          </span>
          <NumberField
            {...field}
            id={`${id}-${index}`}
            label={`${label}, component ${index + 1} of ${value.length}`}
            value={text}
            onChange={(typed) => onChange(value.with(index, typed))}
          />
        </span>
      ))}
      {unit}
    </span>
  );
}

const withUnit = (label: string, unit: string): string => (unit ? `${label}, in ${unit}` : label);

function Answered({ spec, value }: { spec: NumericSpec; value: Typed }) {
  const components = Array.isArray(value) ? value : [value];
  if (components.every((text) => text === "")) return <span class="no-answer">no answer</span>;
  const shown = components.map((text) => text || "–").join(", ");
  return (
    <span class="typed">
      {Array.isArray(value) ? `(${shown})` : shown} {spec.unit}
    </span>
  );
}

/** A number that the app writes itself has a minus sign; one that was typed stays as it was typed. */
export const withMinus = (text: string): string => text.replaceAll("-", "−");

const Right = ({ spec, value }: AnsweredProps<NumericSpec, Typed>) => (
  <Answered spec={spec} value={Array.isArray(value) ? value.map(withMinus) : withMinus(value)} />
);

/** The length of a vector from its shape; a scalar's shape is empty. */
const lengthOf = (shape: unknown): number | null =>
  Array.isArray(shape) && typeof shape[0] === "number" ? shape[0] : null;

export const numeric: InteractionKind<NumericSpec, Typed> = {
  layout: "inline",
  readSpec: (raw) => ({ length: lengthOf(raw.shape), unit: readString(raw.unit) }),
  readValue: (stored, { length }) => {
    if (length === null) return readTyped(stored);
    const typed: unknown[] = Array.isArray(stored) ? stored : [];
    return Array.from({ length }, (_, index) => readTyped(typed[index]));
  },
  isComplete: (value) => (Array.isArray(value) ? value : [value]).every((text) => text.trim() !== ""),
  Input,
  Answered,
  Right,
};
