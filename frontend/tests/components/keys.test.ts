import { describe, expect, it } from "vitest";
import { lifeOf } from "../../src/components/Keys";

const KEY = {
  id: "1",
  name: "My script",
  beginning: "assay_0123_",
  scopes: ["practice", "grade"] as ("practice" | "grade")[],
  created_at: "2026-03-01T12:00:00Z",
  last_used_at: null,
  expires_at: null,
};

describe("a key in words", () => {
  it("says what it may do and how long it holds", () => {
    const words = lifeOf(KEY);
    expect(words).toContain("Practice; Grade answers.");
    expect(words).toContain("never used, holds until it is revoked.");
    const used = lifeOf({ ...KEY, last_used_at: KEY.created_at, expires_at: "2027-03-01T12:00:00Z" });
    expect(used).toMatch(/used last on .*2026.*, ends on .*2027/);
  });
});
