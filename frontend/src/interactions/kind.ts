import type { ComponentChild, ComponentType } from "preact";
import { h } from "preact";
import type { AnswerValue, RawInteraction } from "../api/types";

/** How an interaction stands in its text: in a line, or on its own below it. */
export type Layout = "inline" | "block";

export interface InputProps<Spec, Value> {
  spec: Spec;
  value: Value;
  onChange: (value: Value) => void;
  disabled: boolean;
  /** What a screen reader calls it, for instance "Answer" or "Answer 2 of 3". */
  label: string;
  /** Unique on the page. */
  id: string;
  /** The element that holds the verdict on it, when there is one. */
  describedBy: string | undefined;
  invalid: boolean;
  /** True for the one interaction of the item that the digit keys belong to. */
  takesDigits: boolean;
  /** By whose rules typed numbers are read. */
  locale: string;
}

export interface AnsweredProps<Spec, Value> {
  spec: Spec;
  value: Value;
  right?: Value | undefined;
  /** What a screen reader calls it. */
  label?: string;
}

/** A kind of interaction, as its file writes it. */
export interface InteractionKind<Spec, Value extends AnswerValue> {
  layout: Layout;
  /** Whether the keys 1 to 9 choose something here. */
  takesDigits?: boolean;
  readSpec: (raw: RawInteraction) => Spec;
  /** A stored draft or answer as a value of this kind; the empty value when there is none or it does not fit. */
  readValue: (stored: unknown, spec: Spec) => Value;
  isComplete: (value: Value, spec: Spec) => boolean;
  Input: ComponentType<InputProps<Spec, Value>>;
  /** A past answer, to read. A kind that shows all that could be chosen marks what is `right` in it. */
  Answered: ComponentType<AnsweredProps<Spec, Value>>;
  /** Whether `Answered` marks what is right; then nothing more has to be said of it beside a past answer. */
  marksRight?: boolean;
  /** What is right, by itself; without it as a past answer. */
  Right?: ComponentType<AnsweredProps<Spec, Value>>;
}

export interface PlaceProps {
  raw: RawInteraction;
  stored: unknown;
  onChange: (value: AnswerValue) => void;
  disabled: boolean;
  label: string;
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  takesDigits: boolean;
  locale: string;
}

/** A kind of interaction as the rest of the app sees it: what is inside stays inside. */
export interface SealedKind {
  layout: Layout;
  takesDigits: boolean;
  isComplete: (raw: RawInteraction, stored: unknown) => boolean;
  /** The value that stands for `stored` in an answer. */
  valueOf: (raw: RawInteraction, stored: unknown) => AnswerValue;
  input: (props: PlaceProps) => ComponentChild;
  answered: (raw: RawInteraction, stored: unknown, right?: unknown) => ComponentChild;
  marksRight: boolean;
  right: (raw: RawInteraction, stored: unknown) => ComponentChild;
}

export function seal<Spec, Value extends AnswerValue>(kind: InteractionKind<Spec, Value>): SealedKind {
  const read = (raw: RawInteraction, stored: unknown) => {
    const spec = kind.readSpec(raw);
    return { spec, value: kind.readValue(stored, spec) };
  };
  return {
    layout: kind.layout,
    takesDigits: kind.takesDigits ?? false,
    isComplete: (raw, stored) => {
      const { spec, value } = read(raw, stored);
      return kind.isComplete(value, spec);
    },
    valueOf: (raw, stored) => read(raw, stored).value,
    input: ({ raw, stored, ...rest }) => h(kind.Input, { ...read(raw, stored), ...rest }),
    answered: (raw, stored, right) =>
      h(kind.Answered, {
        ...read(raw, stored),
        ...(right !== undefined && { right: read(raw, right).value }),
      }),
    marksRight: kind.marksRight ?? false,
    right: (raw, stored) => h(kind.Right ?? kind.Answered, { ...read(raw, stored), label: "Right answer" }),
  };
}
