import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchHeight } from "../../src/state/frame";

let grow: (height: number) => void;
const hear = vi.fn();
const page = document.createElement("div");

beforeEach(() => {
  hear.mockClear();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(changed: () => void) {
        grow = (height) => {
          page.getBoundingClientRect = () => new DOMRect(0, 0, 320, height);
          changed();
        };
      }
      observe = vi.fn();
      disconnect = () => {
        grow = () => undefined;
      };
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  page.removeAttribute("data-framed");
});

const inFrame = () =>
  vi
    .spyOn(window, "parent", "get")
    .mockReturnValue({ postMessage: hear } as unknown as Window & typeof globalThis);

describe("the height of a page in a frame", () => {
  it("is told in whole pixels when it has changed", () => {
    inFrame();
    const stop = watchHeight(page);
    for (const height of [640.2, 640.9, 641, 320]) grow(height);
    expect(hear.mock.calls).toEqual([
      [{ subject: "lti.frameResize", height: 641 }, "*"],
      [{ subject: "lti.frameResize", height: 320 }, "*"],
    ]);
    expect(page.hasAttribute("data-framed")).toBe(true);
    stop();
    grow(900);
    expect(hear).toHaveBeenCalledTimes(2);
  });

  it("is nobody's business where there is no frame", () => {
    const posted = vi.spyOn(window, "postMessage");
    watchHeight(page);
    expect(page.hasAttribute("data-framed")).toBe(false);
    expect(posted).not.toHaveBeenCalled();
  });
});
