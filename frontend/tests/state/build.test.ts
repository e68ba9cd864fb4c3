import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectionLost } from "../../src/api/failure";
import { mayLoadAgain } from "../../src/state/build";

const page = (entry: string) =>
  `<!doctype html><head><script type="module" crossorigin src="/assets/${entry}.js"></script></head>`;
const ours = new DOMParser().parseFromString(page("index-old"), "text/html");

const serve = (entry: string) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(page(entry))),
  );

describe("a part of the app that is not there any more", () => {
  beforeEach(() => sessionStorage.clear());
  afterEach(() => vi.unstubAllGlobals());

  it("loads the page again where the server has a newer build, and once", async () => {
    serve("index-new");
    expect(await mayLoadAgain(ours)).toBe(true);
    expect(await mayLoadAgain(ours)).toBe(false);
  });

  it("loads it again for the next build", async () => {
    serve("index-new");
    await mayLoadAgain(ours);
    serve("index-newer");
    expect(await mayLoadAgain(new DOMParser().parseFromString(page("index-new"), "text/html"))).toBe(true);
  });

  it("loads nothing again where the build is the same, or nothing can be remembered", async () => {
    serve("index-old");
    expect(await mayLoadAgain(ours)).toBe(false);
    serve("index-new");
    expect(await mayLoadAgain(ours, null)).toBe(false);
  });

  it("says that the server cannot be reached", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(() => Promise.reject(new TypeError("offline"))),
    );
    await expect(mayLoadAgain(ours)).rejects.toBeInstanceOf(ConnectionLost);
  });
});
