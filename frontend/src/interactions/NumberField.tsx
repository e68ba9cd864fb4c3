import { useRef } from "preact/hooks";

export interface NumberFieldProps {
  id: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
  disabled: boolean;
  invalid: boolean;
  describedBy: string | undefined;
  onKeyDown?: (event: KeyboardEvent) => void;
  onPaste?: (event: ClipboardEvent) => void;
  onFocus?: () => void;
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
  ...listeners
}: NumberFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <span class="number-field">
      <input
        ref={field}
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
        {...listeners}
      />
      {!disabled && <SignKey label={label} field={field} onChange={onChange} />}
    </span>
  );
}

interface SignKeyProps {
  label: string;
  field: { current: HTMLInputElement | null };
  onChange: (text: string) => void;
}

/** The decimal keypad of a phone may have no minus. Where there is a keyboard this is not shown, and Tab never stops here. */
function SignKey({ label, field, onChange }: SignKeyProps) {
  const press = () => {
    const { current: input } = field;
    if (!input) return;
    const { value, selectionStart } = input;
    const turned = turnSign(value);
    const caret = (selectionStart ?? value.length) + turned.length - value.length;
    input.value = turned;
    input.focus();
    input.setSelectionRange(Math.max(0, caret), Math.max(0, caret));
    onChange(turned);
  };
  return (
    <button
      type="button"
      class="sign-key"
      tabIndex={-1}
      aria-label={`Change the sign: ${label}`}
      // Otherwise the field loses the focus, and the keypad goes away.
      onPointerDown={(event) => event.preventDefault()}
      onClick={press}
    >
      ±
    </button>
  );
}

/** What is typed with the other sign; a label such as `w =` stays in front of it. */
export function turnSign(typed: string): string {
  const [, label = "", sign = "", rest = ""] = /^([^=≈]*[=≈]\s*|\s*)([-−–+]?)(.*)$/su.exec(typed) ?? [];
  return sign === "" || sign === "+" ? `${label}-${rest}` : `${label}${rest}`;
}
