import { describe, expect, it } from "vitest";
import { localTime, termsOf } from "../../src/components/Arranging";

const entered = (fields: Record<string, string>) => (name: string) => fields[name] ?? "";

describe("what is arranged", () => {
  it("is as usual where nothing is entered", () => {
    const usual = { extra_minutes: "0", time_factor: "1", extra_attempts: "0" };
    expect(termsOf(entered(usual))).toEqual({
      extra_minutes: 0,
      time_factor: 1,
      extra_attempts: 0,
      tries: null,
      closes_at: null,
      reason: "",
      no_limit: false,
    });
  });

  it("keeps a moment on its way through the field", () => {
    const moment = "2026-12-24T17:30:00.000Z";
    const terms = termsOf(entered({ closes_at: localTime(moment), tries: "3", no_limit: "on" }));
    expect(terms).toMatchObject({ closes_at: moment, tries: 3, no_limit: true });
    expect(localTime(null)).toBe("");
  });
});
