import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ApiFailure } from "../api/failure";
import { FailureNote } from "./FailureNote";

/** What was entered, by the name of the field. */
export type Entered = (name: string) => string;

interface FormProps {
  /** The fields that show complaints about themselves; any other stands above them. */
  fields: readonly string[];
  action: string;
  class?: string;
  /** Of the button. */
  kind?: string;
  /** What stands beside the button. */
  beside?: ComponentChildren;
  send: (entered: Entered) => Promise<unknown>;
  children: (failure: unknown) => ComponentChildren;
}

/** A form that sends itself, says what was refused where it was entered, and goes there. */
export function Form({
  fields,
  action,
  class: name = "card account-form",
  kind = "",
  beside,
  send,
  children,
}: FormProps) {
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failure.value === null) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid], .form-problem")?.focus();
  }, [failure.value]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy.value || !form.current) return;
    const entered = new FormData(form.current);
    isBusy.value = true;
    failure.value = null;
    try {
      await send((field) => String(entered.get(field) ?? ""));
      form.current?.reset();
    } catch (error) {
      failure.value = error;
    } finally {
      isBusy.value = false;
    }
  };
  const isAboutField = (one: unknown) =>
    one instanceof ApiFailure && fields.some((field) => one.about(field));
  return (
    <form ref={form} class={name} onSubmit={submit}>
      {!isAboutField(failure.value) && <FailureNote failure={failure.value} />}
      {children(failure.value)}
      <div class="actions account-buttons">
        <button type="submit" class={`button ${kind}`} disabled={isBusy.value}>
          {action}
        </button>
        {beside}
      </div>
    </form>
  );
}

export interface FieldProps {
  /** As the API calls it. */
  name: string;
  /** Where several forms of a screen have a field of the same name. */
  id?: string;
  label: string;
  type?: "text" | "password" | "email" | "number" | "datetime-local";
  autoComplete: string;
  /** What is there already. */
  value?: string;
  hint?: string;
  required?: boolean;
  min?: number;
  step?: number;
  failure: unknown;
}

export function Field({ name, id = name, label, type = "text", value, hint, failure, ...rest }: FieldProps) {
  const complaint = failure instanceof ApiFailure ? failure.about(name) : null;
  const notes = [complaint && `${id}-complaint`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const attributes = {
    id,
    name,
    class: "field",
    defaultValue: value ?? "",
    autoCapitalize: "off",
    spellcheck: false,
    required: true,
    "aria-invalid": complaint ? true : undefined,
    "aria-describedby": notes || undefined,
    ...rest,
  } as const;
  return (
    <div class="form-row">
      <label for={id}>{label}</label>
      {type === "password" && <input type="password" {...attributes} />}
      {type === "email" && <input type="email" {...attributes} />}
      {type === "text" && <input type="text" {...attributes} />}
      {type === "number" && <input type="number" {...attributes} />}
      {type === "datetime-local" && <input type="datetime-local" {...attributes} />}
      {complaint && (
        <p class="form-problem" id={`${id}-complaint`} role="alert">
          {complaint}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Whose password it is, for a program that keeps passwords: it looks for a name beside them. */
export const HiddenName = ({ username }: { username: string }) => (
  <input type="text" name="username" value={username} autoComplete="username" hidden readOnly />
);

export const PASSWORD_HINT = `At least ${__SHORTEST_PASSWORD__} characters.`;
