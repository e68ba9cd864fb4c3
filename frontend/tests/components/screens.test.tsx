import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiFailure, ConnectionLost } from "../../src/api/failure";
import type { RawInteraction, ReviewEntry } from "../../src/api/types";
import { FailureNote } from "../../src/components/FailureNote";
import { reading } from "../../src/components/Hero";
import { Html } from "../../src/components/Html";
import { Item } from "../../src/components/Item";
import { asText, leftIn } from "../../src/components/Leftovers";
import { Failed } from "../../src/components/Loaded";
import { noteLost, noteReached } from "../../src/state/network";
import { setSingleKeys } from "../../src/state/settings";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
  setSingleKeys(true);
});

const show = (element: preact.VNode) => act(() => render(element, root));
const press = (key: string, target: EventTarget = document.body) =>
  act(() => void target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
const find = (selector: string) => root.querySelector<HTMLElement>(selector) ?? document.body;

const CHOICE = {
  id: "a",
  kind: "choice",
  multiple: false,
  options: [
    { id: "x", html: "One" },
    { id: "y", html: "Two" },
  ],
} satisfies RawInteraction;

function item({ onChange = vi.fn(), onSubmit = vi.fn() } = {}) {
  return (
    <Item
      id="item"
      body='<p><span data-interaction="a"></span></p>'
      interactions={[CHOICE]}
      figures={[]}
      answer={{ a: "x" }}
      disabled={false}
      verdicts={null}
      onChange={onChange}
      onSubmit={onSubmit}
    >
      <ol>
        <li id="hint" tabIndex={-1}>
          A hint
        </li>
      </ol>
      <input id="text" />
      <input id="number" type="number" />
    </Item>
  );
}

describe("the keys of an item", () => {
  it("choose by digit, but not in a field, not behind a dialog, and not when they are turned off", () => {
    const onChange = vi.fn();
    show(item({ onChange }));
    press("2", find("#text"));
    press("2", find("#number"));
    expect(onChange).not.toHaveBeenCalled();
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.setAttribute("open", "");
    press("2");
    expect(onChange).not.toHaveBeenCalled();
    dialog.remove();
    press("2", find("input[type=radio]"));
    expect(onChange).toHaveBeenCalledExactlyOnceWith("a", "y");
    act(() => setSingleKeys(false));
    press("1");
    expect(onChange).toHaveBeenCalledOnce();
    expect(root.querySelector(".option-key")).toBeNull();
  });

  it("remember on this device that digits were turned off", () => {
    setSingleKeys(false);
    expect(localStorage.getItem("assay.setting.single-keys")).toBe("false");
  });

  it("answer by Enter after a hint has taken the focus", () => {
    const onSubmit = vi.fn();
    show(item({ onSubmit }));
    press("Enter", find("#hint"));
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ a: "x" });
  });
});

describe("a failure", () => {
  it("of the connection passes when the connection is back", () => {
    noteLost();
    show(<FailureNote failure={new ConnectionLost()} />);
    expect(root.textContent).toContain("The server cannot be reached.");
    act(noteReached);
    expect(root.textContent).toBe("");
  });

  it("of the server stays, and a page that is signed out leads to the sign-in", () => {
    show(<FailureNote failure={new ApiFailure(401, [], null)} />);
    expect(root.querySelector("a")?.getAttribute("href")).toMatch(/^\/sign-in\?then=/);
  });

  it("that hid a screen is tried again when the connection is back, be it before anything is painted", () => {
    const retry = vi.fn();
    noteLost();
    render(<Failed failure={new ConnectionLost()} retry={retry} />, root);
    noteReached();
    expect(retry).toHaveBeenCalledOnce();
  });
});

describe("the hero", () => {
  it("calls a weight exactly zero at the corner of the diamond only", () => {
    const steps = Array.from({ length: 51 }, (_, index) => (100 + 2 * index) / 100);
    const exact = steps.filter((p) => reading(p).includes("exactly zero"));
    expect(exact).toEqual([1]);
    expect(reading(1.04)).toContain("almost zero");
  });
});

describe("a table of an author", () => {
  it("has no heading without words", () => {
    const table =
      "<table><thead><tr><th></th><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>";
    show(<Html html={table} />);
    expect([...root.querySelectorAll("th")].map((cell) => cell.textContent)).toEqual(["A"]);
    expect(root.querySelector("thead td")).not.toBeNull();
  });
});

describe("what came too late", () => {
  it("is not what was graded, even if this page never heard that it arrived", () => {
    const draft = { attempt: "a1", position: 1, answer: { b: "2", a: "1" } };
    localStorage.setItem("assay.draft.a1/1", JSON.stringify(draft));
    const graded = (answer: ReviewEntry["answer"]) => [{ position: 1, answer } as ReviewEntry];
    expect(leftIn("a1", graded({ a: "1", b: "2" }))).toEqual([]);
    expect(leftIn("a1", graded({ a: "1", b: "3" }))).toEqual([draft]);
    localStorage.clear();
  });

  it("is shown as one line, whatever its kind", () => {
    expect(asText({ a: "7.77", b: ["x", "", "y"], c: { p: "q" } })).toBe("7.77, x, y, q");
  });
});
