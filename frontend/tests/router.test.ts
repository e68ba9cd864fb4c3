import { describe, expect, it } from "vitest";
import { destination, isOurs, signInFrom, signInHere } from "../src/paths";
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
    ["/lessons/:slug", "/lessons/a//"],
  ])("does not match %s with %s", (pattern, pathname) => {
    expect(match(pattern, pathname)).toBeNull();
  });
});

describe("the way on from a sign-in", () => {
  it("leads to a screen of the app, with its question", () => {
    const then = new URL(
      signInFrom(new URL("http://here/attempts/a-1?at=5")),
      location.href,
    ).searchParams.get("then");
    expect(destination(then)).toEqual({ href: "/attempts/a-1?at=5", isApp: true });
  });

  it("leaves the app for the desk", () => {
    expect(destination("/admin/content/item/?q=a")).toEqual({
      href: "/admin/content/item/?q=a",
      isApp: false,
    });
  });

  it.each([
    null,
    "",
    "/\\example.com",
    "//example.com",
    "https://example.com/lessons/a",
    "/\t/example.com",
    "javascript:alert(1)",
    "/api/v1/session/",
    "/nowhere",
    "http://[",
  ])("leads home from %s", (then) => {
    expect(destination(then)).toEqual({ href: "/", isApp: true });
  });

  it("counts as ours what is in the table, and nothing else", () => {
    expect(["/", "/lessons/a", "/attempts/7/result/", "/sign-in"].every(isOurs)).toBe(true);
    expect(["/admin/", "/api/v1/docs/", "/static/a", "/lessons", "/nowhere"].some(isOurs)).toBe(false);
  });
});

describe("signing in from the header", () => {
  it.each([
    ["/attempts/a-1?at=5", "/sign-in?then=%2Fattempts%2Fa-1%3Fat%3D5"],
    ["/sign-up?then=%2Fprogress", "/sign-in?then=%2Fprogress"],
    ["/sign-in", "/sign-in"],
  ])("from %s goes to %s", (here, there) => {
    expect(signInHere(new URL(here, "http://here"))).toBe(there);
  });
});
