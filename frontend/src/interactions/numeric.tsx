import { useCells } from "./cells";
import { Echo } from "./echo";
import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { NumberField } from "./NumberField";
import { readRules, readString, readTyped } from "./reading";

interface NumericSpec {
  /** The number of components of a vector; null for a single number. */
  length: number | null;
  unit: string;
  reads: unknown;
}

type Typed = string | string[];

function Input(props: InputProps<NumericSpec, Typed>) {
  const { value, onChange } = props;
  return Array.isArray(value) ? (
    <Vector {...props} value={value} onChange={onChange} />
  ) : (
    <Scalar {...props} value={value} onChange={onChange} />
  );
}

function Scalar({ spec, locale, ...field }: InputProps<NumericSpec, string>) {
  const rules = readRules(spec.reads, locale);
  return (
    <span class="scalar">
      <NumberField {...field} label={withUnit(field.label, spec.unit)} />
      <Unit of={spec} />
      {rules && !field.disabled && <Echo typed={field.value} rules={rules} isRefused={field.invalid} />}
    </span>
  );
}

function Vector({ spec, value, onChange, locale, ...field }: InputProps<NumericSpec, string[]>) {
  const { id, label, disabled, invalid } = field;
  const { fieldAt, below } = useCells({
    table: [value],
    onChange: ([components = []]) => onChange(components),
    idOf: (_, index) => `${id}-${index}`,
    nameOf: (_, index) => `Component ${index + 1}`,
    rules: readRules(spec.reads, locale),
    disabled,
    invalid,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line of text
    <span class="vector-box" role="group" aria-label={withUnit(label, spec.unit)}>
      <span class="vector">
        {value.map((_, index) => (
          <span class="component" key={index}>
            <span class="component-name" aria-hidden="true">
              {index + 1}
            </span>
            <NumberField
              {...field}
              {...fieldAt(0, index)}
              label={`${label}, component ${index + 1} of ${value.length}`}
            />
          </span>
        ))}
        <Unit of={spec} />
      </span>
      {below}
    </span>
  );
}

const Unit = ({ of: { unit } }: { of: NumericSpec }) => (unit ? <span class="unit">{unit}</span> : null);

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
  readSpec: (raw) => ({ length: lengthOf(raw.shape), unit: readString(raw.unit), reads: raw.reads }),
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
