import { describe, expect, it } from "vitest";
import { PATTERNS } from "../src/paths";
import { addressOf, fetchScreen, screenOf } from "../src/routes";

describe("the screen of an address", () => {
  it("is named with its parameters", () => {
    expect(addressOf("/attempts/7/result")).toEqual({ name: "result", params: { id: "7" } });
    expect(addressOf("/nowhere")).toBeNull();
  });

  it.each(PATTERNS.map(([name]) => name))("%s comes with its own file", async (name) => {
    await fetchScreen(name);
    expect(screenOf({ name, params: {} })).not.toBeNull();
  });
});
