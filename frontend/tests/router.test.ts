import { describe, expect, it } from "vitest";
import { match } from "../src/router";

describe("an address", () => {
  it("matches a pattern of the same shape", () => {
    expect(match("/lessons/:slug", "/lessons/regularization")).toEqual({ slug: "regularization" });
    expect(match("/attempts/:id/result", "/attempts/7/result/")).toEqual({ id: "7" });
    expect(match("/", "/")).toEqual({});
  });

  it.each([
    ["/lessons/:slug", "/lessons"],
    ["/lessons/:slug", "/lessons/"],
    ["/lessons/:slug", "/lessons/a/b"],
    ["/progress", "/lessons"],
    ["/lessons/:slug", "/lessons/%E0%A4%A"],
  ])("does not match %s with %s", (pattern, pathname) => {
    expect(match(pattern, pathname)).toBeNull();
  });
});
