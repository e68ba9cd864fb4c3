import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeAt } from "../../src/interactions/ordering";
import { announcement } from "../../src/state/announcer";
import { answer, close, open, root, show } from "./sheet";

const entries = (...ids: string[]) => ids.map((id) => ({ id, html: `<p>${id.toUpperCase()}</p>` }));
const ORDERING = { id: "a", kind: "ordering", entries: entries("x", "y", "z") };
const MATCHING = { id: "a", kind: "matching", left: entries("one", "two"), right: entries("x", "y", "z") };

beforeEach(open);
afterEach(close);

const grip = (name: string): HTMLButtonElement => {
  const found = [...root.querySelectorAll<HTMLButtonElement>(".grip")].find((one) =>
    one.getAttribute("aria-label")?.startsWith(name),
  );
  if (!found) throw new Error(`There is no grip ${name}.`);
  return found;
};
/** As the Space key does it: a click without a pointer. */
const space = (name: string) =>
  act(() => void grip(name).dispatchEvent(new MouseEvent("click", { detail: 0, bubbles: true })));
const press = (name: string, key: string) =>
  act(
    () =>
      void grip(name).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })),
  );
const focusedName = () => document.activeElement?.getAttribute("aria-label");

describe("ordering by keys", () => {
  it("moves what was grabbed, says where it is, and keeps the focus on it", async () => {
    await show(ORDERING);
    grip("Move X").focus();
    await space("Move X");
    expect(announcement.value).toContain("Grabbed X, place 1 of 3.");
    await press("Move X", "ArrowDown");
    expect(answer.a).toEqual(["y", "x", "z"]);
    expect(announcement.value).toBe("X: place 2 of 3.");
    expect(focusedName()).toBe("Move X, place 2 of 3");
    await press("Move X", "End");
    await space("Move X");
    expect(answer.a).toEqual(["y", "z", "x"]);
    expect(announcement.value).toBe("Dropped X, place 3 of 3.");
    expect(focusedName()).toBe("Move X, place 3 of 3");
  });

  it("puts everything back on Escape, an untouched order too", async () => {
    await show(ORDERING);
    await space("Move Z");
    await press("Move Z", "Home");
    expect(answer.a).toEqual(["z", "x", "y"]);
    await press("Move Z", "Escape");
    expect(answer.a).toEqual([]);
    expect(announcement.value).toBe("Canceled. Z is back, place 3 of 3.");
  });

  it("leaves arrows alone while nothing is grabbed", async () => {
    await show(ORDERING);
    await press("Move X", "ArrowDown");
    expect(answer).toEqual({});
  });

  it("takes the order as it is when an entry is grabbed and put down in its place", async () => {
    await show(ORDERING);
    await space("Move X");
    await space("Move X");
    expect(answer.a).toEqual(["x", "y", "z"]);
  });

  it("still has its buttons, and they keep the focus", async () => {
    await show(ORDERING);
    const down = root.querySelector<HTMLButtonElement>('[aria-label="Move entry 1 down"]');
    await act(() => down?.click());
    expect(answer.a).toEqual(["y", "x", "z"]);
    expect(document.activeElement).toBe(down);
  });
});

describe("ordering by a pointer", () => {
  const boxes = [0, 50, 100].map((top) => ({ top, height: 40 }));

  it.each([
    [0, 20, 0],
    [0, 71, 1],
    [0, 400, 2],
    [2, -30, 0],
    [1, 69, 1],
  ])("puts the entry %i with its middle at %i to place %i", (from, y, to) => {
    expect(placeAt(boxes, from, y)).toBe(to);
  });
});

const partners = () =>
  [...root.querySelectorAll(".partner .option-text")].map((one) => one.textContent?.trim());

describe("matching", () => {
  it("lists what is left, and pairs it by keys", async () => {
    await show(MATCHING);
    expect(partners()).toEqual(["X", "Y", "Z"]);
    grip("Match Y").focus();
    await space("Match Y");
    expect(announcement.value).toContain("Grabbed Y. Over ONE, 1 of 2.");
    await press("Match Y", "ArrowDown");
    expect(announcement.value).toBe("Over TWO, 2 of 2.");
    await space("Match Y");
    expect(answer.a).toEqual({ two: "y" });
    expect(announcement.value).toBe("Y goes with TWO. 1 left.");
    expect(partners()).toEqual(["X", "Z"]);
    expect(document.activeElement?.id).toBe("item-a-two");
  });

  it("lets go on Escape", async () => {
    await show(MATCHING);
    await space("Match Y");
    await press("Match Y", "Escape");
    expect(answer).toEqual({});
    expect(root.querySelector("[data-target=true]")).toBeNull();
  });

  it("takes a partner back, and the focus follows it", async () => {
    await show(MATCHING, { a: { one: "x" } });
    await act(() => root.querySelector<HTMLButtonElement>('[aria-label="Take back X"]')?.click());
    expect(answer.a).toEqual({});
    expect(document.activeElement).toBe(grip("Match X"));
  });

  it("puts what was tapped to the row that is tapped next", async () => {
    await show(MATCHING, { a: { one: "x" } });
    await act(
      () => void grip("Match Z").dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true })),
    );
    const rows = [...root.querySelectorAll<HTMLButtonElement>(".matching-row .button")];
    expect(rows.map((one) => one.textContent)).toEqual(["Put here", "Put here"]);
    await act(() => rows[0]?.click());
    expect(answer.a).toEqual({ one: "z" });
    expect(partners()).toEqual(["X", "Y"]);
  });
});
