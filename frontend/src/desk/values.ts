/** What the fields of a form say, as edits of the document. */

export type Path = (string | number)[];

export interface Edit {
  path: Path;
  action?: "set" | "remove" | "insert" | "move" | "rename" | "switch";
  value?: unknown;
}

const NUMBER = /^[-+−]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

/** A number where one was typed, with a decimal comma or a real minus as well; else the text: a fault will say why. */
export function typedNumber(typed: string): number | string {
  const text = typed
    .trim()
    .replace("−", "-")
    .replace(/^(-?\d+),(\d+)$/, "$1.$2");
  if (!NUMBER.test(text)) return typed.trim();
  const value = Number(text);
  return Number.isFinite(value) ? value : typed.trim();
}

/** Numbers, or texts, with commas or spaces between them. */
export function typedList(typed: string): (number | string)[] {
  return typed
    .split(/[,;\s]+/)
    .filter((part) => part !== "")
    .map(typedNumber);
}

const typedWords = (typed: string): string[] =>
  typed
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const removal = (path: Path): Edit => ({ path, action: "remove" });

const perhaps = (path: Path, value: unknown, isEmpty: boolean): Edit =>
  isEmpty ? removal(path) : { path, value };

/** The edit that a field means as it is filled in; nothing stands for what is left out. */
export function editOf(control: HTMLElement): Edit | null {
  const path: Path = JSON.parse(control.dataset.path ?? "[]");
  const typed = "value" in control ? String(control.value) : "";
  switch (control.dataset.widget) {
    case "flag":
      return { path, value: (control as HTMLInputElement).checked };
    case "select":
      return perhaps(path, typed, typed === "");
    case "switch":
      return typed ? { path, action: "switch", value: typed } : null;
    case "perhaps":
      return perhaps(path, typed === "true", typed === "");
    case "ticks": {
      const ticked = [...control.querySelectorAll<HTMLInputElement>("input:checked")];
      return perhaps(
        path,
        ticked.map((one) => one.value),
        ticked.length === 0,
      );
    }
    case "count":
      return { path, value: typed.trim() === "" ? null : typedNumber(typed) };
    case "number":
      return perhaps(path, typedNumber(typed), typed.trim() === "");
    case "expression": {
      const value = typedNumber(typed);
      return perhaps(path, value, value === "");
    }
    case "numbers":
      return perhaps(path, typedList(typed), typed.trim() === "");
    case "words":
      return perhaps(path, typedWords(typed), typed.trim() === "");
    case "pair": {
      const ends = [...control.querySelectorAll("input")].map((one) => typedNumber(one.value));
      return { path, value: ends };
    }
    case "names":
      return { path, value: chips(control) };
    case "text":
    case "markdown":
      return perhaps(path, withEnd(control, typed), typed === "");
    default:
      return perhaps(path, typed, typed === "");
  }
}

/** Entries of a list stay when they are emptied: only their own button removes them. */
export const emptied = (edit: Edit): Edit =>
  edit.action === "remove" && typeof edit.path.at(-1) === "number" ? { path: edit.path, value: "" } : edit;

export const chips = (list: HTMLElement): string[] =>
  [...list.querySelectorAll<HTMLElement>("[data-slug]")].map((one) => one.dataset.slug ?? "");

/** A text of several lines ends with a line break, as it does in a document. */
function withEnd(control: HTMLElement, typed: string): string {
  const text = typed.replace(/\r\n?/g, "\n");
  return text.includes("\n") || "endsLine" in control.dataset ? `${text.replace(/\n+$/, "")}\n` : text;
}
