import { beforeEach, describe, expect, it } from "vitest";
import { bookmark, leaveBookmark, shareRead } from "../../src/state/reading";

describe("the place of a reader", () => {
  beforeEach(() => localStorage.clear());

  it("is where the lesson was left, and what was read stays read", () => {
    leaveBookmark("a", { section: "section-4", share: 0.6 });
    leaveBookmark("a", { section: "section-2", share: 0.3 });
    expect(bookmark("a")).toEqual({ section: "section-2", share: 0.6 });
    expect(bookmark("b")).toBeNull();
  });

  it.each(["7", "{}", '{"section":3,"share":1}', '{"section":"a","share":2}', "no JSON"])(
    "is not taken from %s",
    (text) => {
      localStorage.setItem("assay.reading.a", text);
      expect(bookmark("a")).toBeNull();
    },
  );

  it("is measured at the lower edge of the window", () => {
    expect(shareRead({ top: 900, height: 1000 }, 800)).toBe(0);
    expect(shareRead({ top: 300, height: 1000 }, 800)).toBe(0.5);
    expect(shareRead({ top: -2000, height: 1000 }, 800)).toBe(1);
    expect(shareRead({ top: 0, height: 0 }, 800)).toBe(0);
  });
});
