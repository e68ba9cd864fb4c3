import { Html } from "../components/Html";
import { singleKeys } from "../state/settings";
import { useSingleKeys } from "../state/shortcuts";
import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { outsideFormulas, plainText } from "./plain";
import { type Entry, readEntries, readStrings } from "./reading";

interface ChoiceSpec {
  multiple: boolean;
  options: Entry[];
}

type Chosen = string | string[];
type Props = InputProps<ChoiceSpec, Chosen>;

const isChosen = (value: Chosen, id: string): boolean =>
  Array.isArray(value) ? value.includes(id) : value === id;

/** The value after `id` was pressed; a second press takes a multiple choice back. Options keep their shown order. */
function press({ multiple, options }: ChoiceSpec, value: Chosen, id: string): Chosen {
  if (!multiple) return id;
  const after = new Set(isChosen(value, id) ? [...value].filter((one) => one !== id) : [...value, id]);
  return options.map((option) => option.id).filter((one) => after.has(one));
}

/** Let the keys 1 to 9 choose, wherever the focus is, except where a digit is text. */
function useDigits({ spec, value, onChange, disabled, takesDigits }: Props): void {
  const choose = (key: string) => {
    const option = /^[1-9]$/.test(key) ? spec.options[Number(key) - 1] : undefined;
    if (option) onChange(press(spec, value, option.id));
    return option !== undefined;
  };
  useSingleKeys(disabled || !takesDigits ? null : choose);
}

/** A name for an option that is a formula alone, in which tools find no words. */
const nameOf = (html: string): string | undefined =>
  html.includes("<math") && outsideFormulas(html) === "" ? plainText(html) : undefined;

function Input(props: Props) {
  const { spec, value, onChange, disabled, label, id, describedBy, invalid, takesDigits } = props;
  useDigits(props);
  return (
    <fieldset
      class="choice"
      disabled={disabled}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
    >
      <legend>
        <span class="visually-hidden">{label}: </span>
        {spec.multiple ? "Choose all that apply" : "Choose one"}
      </legend>
      {spec.options.map((option, index) => (
        <label key={option.id} class="option" data-chosen={isChosen(value, option.id)}>
          <input
            type={spec.multiple ? "checkbox" : "radio"}
            name={id}
            checked={isChosen(value, option.id)}
            onChange={() => onChange(press(spec, value, option.id))}
            aria-label={nameOf(option.html)}
          />
          <Html html={option.html} class="option-text" />
          {takesDigits && singleKeys.value && index < 9 && (
            <span class="option-key" aria-hidden="true">
              {index + 1}
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}

/** All that could be chosen, with what was: a past answer says little without what it was chosen from. */
function Answered({ spec, value, right }: AnsweredProps<ChoiceSpec, Chosen>) {
  return (
    <ul class="answered-choice" data-multiple={spec.multiple}>
      {spec.options.map(({ id, html }) => {
        const isRight = right !== undefined && isChosen(right, id);
        return (
          <li key={id} data-chosen={isChosen(value, id)} data-right={isRight}>
            <Html html={html} />
            {isChosen(value, id) && <span class="tag">your answer</span>}
            {isRight && <span class="tag">right</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** What is to be chosen, without the rest. */
const Right = ({ spec, value }: AnsweredProps<ChoiceSpec, Chosen>) => (
  <ul class="right-choice">
    {spec.options
      .filter(({ id }) => isChosen(value, id))
      .map(({ id, html }) => (
        <li key={id}>
          <Html html={html} />
        </li>
      ))}
  </ul>
);

export const choice: InteractionKind<ChoiceSpec, Chosen> = {
  layout: "block",
  takesDigits: true,
  readSpec: (raw) => ({ multiple: raw.multiple === true, options: readEntries(raw.options) }),
  readValue: (stored, { multiple }) => {
    if (multiple) return readStrings(stored);
    return typeof stored === "string" ? stored : "";
  },
  isComplete: (value) => value.length > 0,
  Input,
  Answered,
  marksRight: true,
  Right,
};
