import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { troubleIn } from "../../src/interactions/formula_reader";
import { inserted, keysFor, Symbols } from "../../src/interactions/Symbols";
import cases from "./formulas.json";

describe("a formula that is not finished", () => {
  it("is told of only as the server tells of it", () => {
    for (const [typed, refusal] of cases as [string, string | null][])
      expect([null, refusal], typed).toContain(troubleIn(typed));
  });

  it.each(["(w", "w)", "w +", "2*(w + (lam", "√(w"])("is told of: %s", (typed) => {
    expect(troubleIn(typed)).not.toBeNull();
  });
});

describe("a key that inserts", () => {
  const root = { before: "sqrt(", after: ")" };

  it.each([
    ["at the caret", "2*+1", [2, 2], "2*sqrt()+1", 7],
    ["around what is chosen", "w+1", [0, 3], "sqrt(w+1)", 9],
    ["into nothing", "", [0, 0], "sqrt()", 5],
  ] as const)("puts its sign %s", (_, text, [start, end], after, caret) => {
    expect(inserted(text, [start, end], root)).toEqual({ text: after, caret });
  });

  it("is there only where the item knows its function", () => {
    expect(keysFor(["log"]).map(({ sign }) => sign)).toEqual(["^", "/", "( )", "π", "ln"]);
    expect(keysFor([])).toHaveLength(4);
  });
});

describe("the row of signs", () => {
  let page: HTMLElement;
  beforeEach(() => {
    page = document.body.appendChild(document.createElement("div"));
  });
  afterEach(() => {
    render(null, page);
    document.body.replaceChildren();
  });

  it("is one stop for Tab, writes into the field and leaves the focus there", async () => {
    const onInsert = vi.fn();
    const field = document.body.appendChild(document.createElement("input"));
    field.id = "field";
    field.value = "2*";
    await act(() => render(<Symbols functions={["sqrt"]} field="field" onInsert={onInsert} />, page));
    const buttons = [...page.querySelectorAll("button")];
    expect(buttons.map((one) => one.tabIndex)).toEqual([0, -1, -1, -1, -1]);
    const key = new KeyboardEvent("keydown", { key: "End", bubbles: true });
    await act(() => void buttons[0]?.dispatchEvent(key));
    expect(document.activeElement).toBe(buttons[4]);
    field.setSelectionRange(2, 2);
    await act(() => buttons[4]?.click());
    expect(onInsert).toHaveBeenCalledExactlyOnceWith("2*sqrt()");
    expect(document.activeElement).toBe(field);
    expect(field.selectionStart).toBe(7);
  });
});
