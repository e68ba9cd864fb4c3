import { describe, expect, it } from "vitest";
import { keysAt, pathAt, type Schema, siblings, valuesAt } from "../src/desk/completion.ts";
import { lineOf } from "../src/desk/places.ts";
import { editOf, emptied, typedList, typedNumber } from "../src/desk/values.ts";

/** A field of the form as the server draws it. */
function field(html: string): HTMLElement {
  const box = document.createElement("div");
  box.innerHTML = html;
  return box.firstElementChild as HTMLElement;
}

const path = (...steps: (string | number)[]): string => JSON.stringify(steps).replaceAll('"', "&quot;");

describe("what is typed", () => {
  it.each([
    ["0.5", 0.5],
    ["-2", -2],
    ["−2", -2],
    ["1e-3", 0.001],
    ["0,25", 0.25],
    ["1.", 1],
    ["w - lr*g", "w - lr*g"],
    ["1e999", "1e999"],
    ["", ""],
    ["0x10", "0x10"],
  ])("%s means %s", (typed, meant) => {
    expect(typedNumber(typed)).toBe(meant);
  });

  it("is a list where there are several", () => {
    expect(typedList("0.05, 0.1;0.2  1")).toEqual([0.05, 0.1, 0.2, 1]);
    expect(typedList(" ")).toEqual([]);
  });
});

describe("the edit of a field", () => {
  it("sets a text, and removes it where it is emptied", () => {
    const input = field(`<input data-widget="line" data-path="${path("title")}" value="A">`);
    expect(editOf(input)).toEqual({ path: ["title"], value: "A" });
    (input as HTMLInputElement).value = "";
    expect(editOf(input)).toEqual({ path: ["title"], action: "remove" });
  });

  it("ends a text of several lines with a line break", () => {
    const area = field(`<textarea data-widget="markdown" data-path="${path("body")}">a\nb</textarea>`);
    expect(editOf(area)).toEqual({ path: ["body"], value: "a\nb\n" });
  });

  it("keeps the line break of a text that had one", () => {
    const area = field(
      `<textarea data-ends-line data-widget="text" data-path="${path("body")}">a</textarea>`,
    );
    expect(editOf(area)).toEqual({ path: ["body"], value: "a\n" });
  });

  it("is of a number, of two, of several, of words", () => {
    const of = (widget: string, value: string): unknown =>
      editOf(field(`<input data-widget="${widget}" data-path="${path("x")}" value="${value}">`))?.value;
    expect(of("number", "3")).toBe(3);
    expect(of("expression", "2*x")).toBe("2*x");
    expect(of("numbers", "2, 3")).toEqual([2, 3]);
    expect(of("words", "it is, a model")).toEqual(["it is", "a model"]);
    expect(of("count", "")).toBeNull();
    const pair = field(
      `<span data-widget="pair" data-path="${path("x")}"><input value="-2"><input value="2"></span>`,
    );
    expect(editOf(pair)?.value).toEqual([-2, 2]);
  });

  it("is of what is ticked", () => {
    const ticks = field(
      `<span data-widget="ticks" data-path="${path("tools")}"><input type="checkbox" value="calculator" checked><input type="checkbox" value="scratchpad"></span>`,
    );
    expect(editOf(ticks)).toEqual({ path: ["tools"], value: ["calculator"] });
  });

  it("turns something into another kind", () => {
    const select = field(
      `<select data-widget="switch" data-path="${path("interactions", "a")}"><option value="text" selected>Words</option></select>`,
    );
    expect(editOf(select)).toEqual({ path: ["interactions", "a"], action: "switch", value: "text" });
  });

  it("empties an entry of a list, and does not remove it", () => {
    expect(emptied({ path: ["hints", 0], action: "remove" })).toEqual({ path: ["hints", 0], value: "" });
    expect(emptied({ path: ["title"], action: "remove" })).toEqual({ path: ["title"], action: "remove" });
  });
});

const SCHEMA: Schema = {
  type: "object",
  properties: {
    title: { type: "string", title: "Title" },
    use: { enum: ["practice", "assessment"] },
    interactions: {
      additionalProperties: {
        oneOf: [
          {
            properties: {
              kind: { const: "choice" },
              shuffle: { type: "boolean" },
              options: { items: { properties: { id: {}, text: {}, key: { type: "boolean" } } } },
            },
          },
          { properties: { kind: { const: "numeric" }, key: {} } },
        ],
      },
    },
  },
};

const LINES = [
  "title: A",
  "interactions:",
  "  a:",
  "    kind: choice",
  "    shuf",
  "    options:",
  "      - id: a",
  "        te",
  "      - ",
];

describe("completion", () => {
  it("knows where it is", () => {
    expect(pathAt(LINES, 0)).toEqual([]);
    expect(pathAt(LINES, 4)).toEqual(["interactions", "a"]);
    expect(pathAt(LINES, 7)).toEqual(["interactions", "a", "options", "-"]);
  });

  it("offers the keys of the kind that is written", () => {
    const written = siblings(LINES, 4);
    expect(written).toMatchObject({ kind: "choice" });
    const keys = keysAt(SCHEMA, pathAt(LINES, 4), written).map((one) => one.label);
    expect(keys).toContain("shuffle");
    expect(keys).not.toContain("key");
    expect(keys).not.toContain("kind");
  });

  it("offers what an entry of a list has not yet", () => {
    const keys = keysAt(SCHEMA, pathAt(LINES, 7), siblings(LINES, 7)).map((one) => one.label);
    expect(keys).toEqual(["text", "key"]);
  });

  it("offers values", () => {
    expect(valuesAt(SCHEMA, ["use"]).map((one) => one.label)).toEqual(["practice", "assessment"]);
    expect(valuesAt(SCHEMA, ["interactions", "a", "kind"]).map((one) => one.label)).toEqual([
      "choice",
      "numeric",
    ]);
  });
});

describe("the line of a key", () => {
  it("is found level by level", () => {
    expect(lineOf(LINES, ["interactions", "a", "options"])).toBe(5);
    expect(lineOf(LINES, ["nothing"])).toBe(0);
  });
});
