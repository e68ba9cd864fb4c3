import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setSingleKeys } from "../../src/state/settings";
import { useSingleKey } from "../../src/state/shortcuts";

let root: HTMLElement;
const acted = vi.fn();

function Screen({ isReady = true }: { isReady?: boolean }) {
  useSingleKey("h", isReady ? acted : null);
  useSingleKey("?", isReady ? acted : null);
  return (
    <>
      <input id="text" />
      <textarea id="area" />
      <select id="list" />
      <input id="tick" type="checkbox" />
      <button type="button" id="button" />
    </>
  );
}

beforeEach(async () => {
  acted.mockReset();
  root = document.body.appendChild(document.createElement("div"));
  await act(() => render(<Screen />, root));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
  setSingleKeys(true);
});

function press(key: string, { on = "", ...more }: KeyboardEventInit & { on?: string } = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  (on ? document.getElementById(on) : document.body)?.dispatchEvent(event);
  return event;
}

describe("a single key", () => {
  it.each(["", "tick", "button"])("is a command where it is no text: on %j", (on) => {
    const event = press("h", { on });
    expect(acted).toHaveBeenCalledOnce();
    expect(event.defaultPrevented).toBe(true);
  });

  it("is one with caps lock, and the question mark with Shift", () => {
    press("H");
    press("?", { shiftKey: true });
    expect(acted).toHaveBeenCalledTimes(2);
  });

  it.each(["text", "area", "list"])("is text in a field: %s", (on) => {
    expect(press("h", { on }).defaultPrevented).toBe(false);
    expect(acted).not.toHaveBeenCalled();
  });

  it.each(["ctrlKey", "metaKey", "altKey", "shiftKey", "repeat"])("is none with %s", (modifier) => {
    press("h", { [modifier]: true });
    expect(acted).not.toHaveBeenCalled();
  });

  it("is none while there is nothing to do, behind a dialog, or when it is turned off", async () => {
    await act(() => render(<Screen isReady={false} />, root));
    press("h");
    await act(() => render(<Screen />, root));
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.setAttribute("open", "");
    press("h");
    dialog.remove();
    await act(() => setSingleKeys(false));
    press("h");
    press("?");
    expect(acted).not.toHaveBeenCalled();
  });
});
