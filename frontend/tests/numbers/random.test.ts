import { describe, expect, it } from "vitest";
import { normals, uniforms } from "../../src/numbers/random";
import cases from "./random.json";

describe.each(cases)("the random stream of seed $seed", (expected) => {
  it("gives the same uniform numbers everywhere", () => {
    const next = uniforms(expected.seed);
    expect(expected.uniforms.map(() => next())).toEqual(expected.uniforms);
  });

  it("gives the same normal numbers everywhere", () => {
    const drawn = normals(uniforms(expected.seed), expected.normals.length);
    for (const [index, value] of expected.normals.entries()) expect(drawn[index]).toBeCloseTo(value, 12);
  });
});
