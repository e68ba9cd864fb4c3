import { describe, expect, it } from "vitest";
import { conventionOf, readNumber } from "../../src/interactions/number_reader";
import cases from "./numbers.json";

type Case = [typed: string, locale: string, fractions: boolean, percent: boolean, reading: number | string];

describe("a typed number", () => {
  it("is read as the server reads it, in value and in words", () => {
    expect(cases.length).toBeGreaterThan(500);
    for (const [typed, locale, fractions, percent, reading] of cases as Case[]) {
      const expected = typeof reading === "number" ? { value: reading } : { refusal: reading };
      expect(readNumber(typed, { locale, fractions, percent }), `${typed} in ${locale}`).toEqual(expected);
    }
  });

  it("is read as in English where the locale is unknown", () => {
    expect(conventionOf("xx")).toBe(conventionOf("en"));
  });
});
