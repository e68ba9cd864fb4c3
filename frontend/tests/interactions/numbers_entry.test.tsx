import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { echoOf } from "../../src/interactions/echo";
import { turnSign } from "../../src/interactions/NumberField";
import { announcement } from "../../src/state/announcer";
import { answer, close, open, root, show } from "./sheet";

const ENGLISH = { locale: "en", fractions: true, percent: false };
const GERMAN = { locale: "de", fractions: false, percent: false };

describe("the echo of a typed number", () => {
  it.each([
    ["1.5e-3", "= 0.0015"],
    ["1/3", "≈ 0.333333"],
    ["-1/4", "= −0.25"],
    ["w = 2e3", "= 2000"],
    ["10^-7", "= 1 × 10⁻⁷"],
    [".5", "= 0.5"],
    ["1 234 567", "= 1234567"],
  ])("tells how %s is read", (typed, shown) => {
    expect(echoOf(typed, ENGLISH)?.shown).toBe(shown);
  });

  it.each(["", "  ", "0.5", "-2", "−2", "+3", "1.50"])("is silent where it is plain: %s", (typed) => {
    expect(echoOf(typed, ENGLISH)).toBeNull();
  });

  it("reads a comma by the locale of the item", () => {
    expect(echoOf("1,5", ENGLISH)).toMatchObject({ isRefusal: true });
    expect(echoOf("1,5", GERMAN)).toBeNull();
    expect(echoOf("1,5e-3", GERMAN)?.shown).toBe("= 0,0015");
  });

  it("says kindly what cannot be read", () => {
    expect(echoOf("1/3", GERMAN)?.shown).toBe("Write a decimal number, such as 0,75, not a fraction.");
  });
});

describe("the sign key", () => {
  it.each([
    ["", "-"],
    ["0.5", "-0.5"],
    ["-0.5", "0.5"],
    ["−0.5", "0.5"],
    ["+2", "-2"],
    ["w = 2", "w = -2"],
    ["w = -2", "w = 2"],
    ["2e-3", "-2e-3"],
  ])("turns %s into %s", (typed, turned) => {
    expect(turnSign(typed)).toBe(turned);
  });
});

beforeEach(() => {
  vi.useFakeTimers();
  open();
  announcement.value = "";
});
afterEach(() => {
  close();
  vi.useRealTimers();
});

const NUMBER = { kind: "numeric", shape: [], unit: null, reads: [] };
const VECTOR = { kind: "numeric", shape: [4], unit: null, reads: [] };
const MATRIX = { kind: "matrix", rows: 2, columns: 3, reads: [] };

const fields = (): HTMLInputElement[] => [...root.querySelectorAll<HTMLInputElement>("input.number")];
const field = (index = 0): HTMLInputElement => fields()[index] ?? document.createElement("input");
const focused = (): number => fields().indexOf(document.activeElement as HTMLInputElement);
const type = (text: string, index = 0) =>
  act(() => {
    field(index).value = text;
    field(index).dispatchEvent(new Event("input", { bubbles: true }));
  });
const wait = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));
const echo = () => root.querySelector(".echo")?.textContent ?? null;

describe("a field for a number", () => {
  it("shows at once how it is read and speaks only after a pause", async () => {
    await show(NUMBER, {});
    await type("1e");
    await type("1e-");
    await type("1e-3");
    expect(echo()).toBe("= 0.001");
    expect(announcement.value).toBe("");
    await wait(1000);
    expect(announcement.value).toBe("Read as 0.001.");
  });

  it("says what cannot be read only after a pause", async () => {
    await show(NUMBER, {});
    await type("1,704");
    expect(echo()).toBeNull();
    await wait(1000);
    expect(echo()).toContain("it could be either number");
  });

  it("says nothing of its own where another program's rules read it", async () => {
    await show({ ...NUMBER, reads: null }, {});
    await type("1e-3");
    expect(echo()).toBeNull();
  });

  it("turns the sign and keeps the caret", async () => {
    await show(NUMBER, { a: "0.5" });
    field().focus();
    field().setSelectionRange(1, 1);
    await act(() => root.querySelector<HTMLButtonElement>(".sign-key")?.click());
    expect([answer.a, field().value, field().selectionStart]).toEqual(["-0.5", "-0.5", 2]);
    expect(document.activeElement).toBe(field());
  });
});

const press = (key: string, index: number) =>
  act(() => void field(index).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
const caret = (index: number, start: number, end = start) => {
  field(index).focus();
  field(index).setSelectionRange(start, end);
};

async function paste(text: string, index = 0): Promise<boolean> {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => text } });
  await act(() => void field(index).dispatchEvent(event));
  return event.defaultPrevented;
}

describe("the cells of a table", () => {
  it("are left by an arrow only at the end of their text", async () => {
    await show(MATRIX, {
      a: [
        ["12", "", ""],
        ["", "", ""],
      ],
    });
    caret(0, 1);
    await press("ArrowRight", 0);
    expect(focused()).toBe(0);
    caret(0, 2);
    await press("ArrowRight", 0);
    expect(focused()).toBe(1);
    await press("ArrowDown", 1);
    expect(focused()).toBe(4);
    await press("ArrowDown", 4);
    expect(focused()).toBe(4);
    await press("ArrowUp", 4);
    await press("ArrowLeft", 1);
    expect(focused()).toBe(0);
  });

  it("are a line in a vector, up and down too", async () => {
    await show(VECTOR, {});
    caret(0, 0);
    await press("ArrowDown", 0);
    expect(focused()).toBe(1);
    await press("ArrowUp", 1);
    expect(focused()).toBe(0);
  });

  it("take a pasted table from where it is pasted, and give back what was there", async () => {
    const before = [
      ["9", "8", "7"],
      ["", "", ""],
    ];
    await show(MATRIX, { a: before });
    expect(await paste("1 2\n3 4", 1)).toBe(true);
    expect(answer.a).toEqual([
      ["9", "1", "2"],
      ["", "3", "4"],
    ]);
    expect(announcement.value).toBe("Filled 4 cells, from row 1, column 2 on.");
    await act(() => root.querySelector<HTMLButtonElement>(".text-button")?.click());
    expect(answer.a).toEqual(before);
  });

  it("refuse with words what does not fit, and change nothing", async () => {
    await show(MATRIX, {
      a: [
        ["9", "", ""],
        ["", "", ""],
      ],
    });
    expect(await paste("1 2 3", 1)).toBe(true);
    expect(answer.a).toEqual([
      ["9", "", ""],
      ["", "", ""],
    ]);
    expect(root.querySelector(".paste-note")?.textContent).toContain("room for 2 × 2");
  });

  it("leave a single number and words to the browser", async () => {
    await show(VECTOR, {});
    expect(await paste("0.5")).toBe(false);
    expect(await paste("see the table")).toBe(false);
  });

  it("say of which cell the echo is", async () => {
    await show(VECTOR, {});
    await type("1e2", 2);
    expect(echo()).toBe("Component 3: = 100");
  });
});
