import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InteractionVerdict, RawInteraction } from "../../src/api/types";
import { Explained, Parts, RightAnswers, readAs } from "../../src/components/Explained";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
});

const show = (element: preact.VNode) => act(() => render(element, root));
const texts = (selector: string) =>
  [...root.querySelectorAll(selector)].map((one) => one.textContent?.trim());

const NUMBER: RawInteraction = { id: "a", kind: "numeric", shape: [], unit: null };
const ENTRIES = [
  { id: "p", html: "First" },
  { id: "q", html: "Second" },
];

const verdict = (more: Partial<InteractionVerdict>): InteractionVerdict => ({
  valid: true,
  score: 0,
  parsed: null,
  parts: null,
  rule: null,
  message: null,
  compared: null,
  misconception: null,
  ...more,
});

describe("how an answer was read", () => {
  it.each([
    [0.0015, "1.5e-3", "0.0015"],
    [-1.704, "-1.704", null],
    [-1.704, "−1.704", null],
    [1.7, " 1.7 ", null],
    [1.7, "+1.7", null],
    [1.7, "1.70", null],
    [0.5, ".5", null],
    [1704, "1,704", "1704"],
    [0.66, "w = 0.66", "0.66"],
    [[1, 0.5], ["1", "1/2"], "(1, 0.5)"],
    [[1, 2], ["1", "2"], null],
    ["lasso", "Lasso", null],
    [null, "x", null],
    [[], [], null],
  ])("%j of %j is told as %j", (parsed, typed, told) => {
    expect(readAs(parsed, typed)).toBe(told);
  });
});

it("of a wrong answer the reading is told whatever was typed", () => {
  expect(readAs(-1.704, "-1.704", false)).toBe("−1.704");
  expect(readAs([1, 2], ["1", "2"], false)).toBe("(1, 2)");
  expect(readAs("lasso", "lasso", false)).toBeNull();
});

describe("an explanation", () => {
  it("names what was read, said, compared and decided", () => {
    const told = verdict({
      parsed: 2.5,
      message: "Give more digits.",
      compared: "It is too small.",
      rule: "within 1 %",
    });
    show(<Explained verdict={told} raw={NUMBER} typed="2,5" withMessage />);
    expect(texts("p")).toEqual([
      "Read as 2.5.",
      "Give more digits.",
      "It is too small.",
      "Judged by: within 1 %.",
    ]);
  });

  it("leaves the comparison to a misconception where there is one", () => {
    const idea = { slug: "s", title: "The 2 is missing", explanation: "Where is it?" };
    show(
      <Explained
        verdict={verdict({ compared: "It is too small.", misconception: idea })}
        raw={NUMBER}
        typed="1"
        withMessage
      />,
    );
    expect(root.textContent).toContain("The 2 is missing");
    expect(root.textContent).not.toContain("too small");
  });
});

describe("the parts of an answer", () => {
  it.each([
    [NUMBER, [true, false], ["right Component 1", "not right Component 2"]],
    [{ id: "a", kind: "ordering", entries: ENTRIES }, [true, false], ["right Place 1", "not right Place 2"]],
    [{ id: "a", kind: "ordering", entries: ENTRIES }, [false, false], []],
    [
      { id: "a", kind: "matching", left: ENTRIES, right: [] },
      { p: true, q: false },
      ["right First", "not right Second"],
    ],
    [NUMBER, [true, true], []],
    [NUMBER, null, []],
    [{ id: "a", kind: "matching" }, { p: false }, []],
    [{ id: "a", kind: "matrix" }, [[true, true]], []],
  ])("of %j are told", (raw, parts, told) => {
    show(<Parts parts={parts} raw={raw as RawInteraction} />);
    expect(texts("li").map((text) => text?.replace(/\s+/g, " "))).toEqual(told);
  });

  it("of a matrix are a table whose cells have names", () => {
    show(
      <Parts
        parts={[
          [true, false],
          [true, true],
        ]}
        raw={{ id: "a", kind: "matrix", rows: 2, columns: 2 }}
      />,
    );
    expect(texts("td")).toContain("Row 1, column 2: not right");
    expect(texts("td")).toContain("Row 2, column 1: right");
  });
});

describe("what is right", () => {
  const CHOICE: RawInteraction = { id: "a", kind: "choice", multiple: false, options: ENTRIES };

  it("has a minus sign, as everything that the app writes", () => {
    show(<RightAnswers interactions={[NUMBER]} right={{ a: "-0.5" }} />);
    expect(root.textContent).toContain("−0.5");
  });

  it("is told without the other options", () => {
    show(<RightAnswers interactions={[CHOICE]} right={{ a: "q" }} />);
    expect(root.textContent).toContain("Second");
    expect(root.textContent).not.toContain("First");
  });

  it("is not told twice where the options are marked", () => {
    show(<RightAnswers interactions={[CHOICE]} right={{ a: "q" }} isMarked />);
    expect(root.textContent).toBe("");
  });

  it("is told of each place", () => {
    show(<RightAnswers interactions={[CHOICE, { ...NUMBER, id: "b" }]} right={{ a: "p", b: "4" }} />);
    expect(root.textContent).toContain("Right are");
    expect(root.textContent).toContain("4");
  });

  it("waits for its time", () => {
    show(<RightAnswers interactions={[CHOICE]} right={null} />);
    expect(root.textContent).toBe("");
  });
});
