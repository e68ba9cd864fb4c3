import { describe, expect, it } from "vitest";
import type { AnswerValue, RawInteraction } from "../../src/api/types";
import { collect, isComplete } from "../../src/components/Item";
import { move } from "../../src/interactions/ordering";

const OPTIONS = [
  { id: "x", html: "X" },
  { id: "y", html: "Y" },
];
const KINDS: Record<string, RawInteraction> = {
  single: { id: "single", kind: "choice", multiple: false, options: OPTIONS },
  several: { id: "several", kind: "choice", multiple: true, options: OPTIONS },
  scalar: { id: "scalar", kind: "numeric", shape: [], unit: null },
  vector: { id: "vector", kind: "numeric", shape: [3], unit: null },
  matrix: { id: "matrix", kind: "matrix", rows: 1, columns: 2 },
  text: { id: "text", kind: "text", placeholder: "" },
  ordering: { id: "ordering", kind: "ordering", entries: OPTIONS },
  matching: { id: "matching", kind: "matching", left: OPTIONS, right: OPTIONS },
  inline: { id: "inline", kind: "inline_choice", options: OPTIONS },
  formula: { id: "formula", kind: "expression", variables: ["x"] },
};
const ALL = Object.values(KINDS);
const FULL = {
  single: "x",
  several: ["x", "y"],
  scalar: "1,5",
  vector: ["1", "-2", "3e-4"],
  matrix: [["0", "1"]],
  text: "lasso",
  ordering: ["y", "x"],
  matching: { x: "y", y: "x" },
  inline: "x",
  formula: "2*x",
};

describe("an answer", () => {
  it("is sent as it was typed and chosen", () => {
    expect(collect(ALL, FULL)).toEqual(FULL);
  });

  it("has an empty part for every interaction that was left alone", () => {
    expect(collect(ALL, {})).toEqual({
      single: "",
      several: [],
      scalar: "",
      vector: ["", "", ""],
      matrix: [["", ""]],
      text: "",
      ordering: [],
      matching: {},
      inline: "",
      formula: "",
    });
  });

  it("is complete with every part and incomplete without any one of them", () => {
    expect(isComplete(ALL, FULL)).toBe(true);
    for (const { id } of ALL) {
      const { [id]: _, ...rest } = FULL as Record<string, AnswerValue>;
      expect(isComplete(ALL, rest), id).toBe(false);
    }
  });

  it("is not complete with a vector that lacks a component", () => {
    expect(isComplete([KINDS.vector as RawInteraction], { vector: ["1", " ", "3"] })).toBe(false);
  });

  it("drops a draft that no longer fits its interaction", () => {
    const misfits = {
      single: ["x"],
      vector: "1",
      ordering: ["x", "gone"],
      matching: "x",
      scalar: { a: "1" },
    };
    expect(collect(ALL, misfits)).toEqual(collect(ALL, {}));
  });

  it("shows a number from another client as text", () => {
    expect(collect([KINDS.scalar as RawInteraction], { scalar: 0.42 })).toEqual({ scalar: "0.42" });
  });

  it("leaves an interaction of an unknown kind incomplete", () => {
    expect(isComplete([{ id: "h", kind: "hologram" }], { h: "?" })).toBe(false);
  });
});

describe("ordering", () => {
  it.each([
    [0, 2, ["b", "c", "a"]],
    [2, 0, ["c", "a", "b"]],
    [1, 1, ["a", "b", "c"]],
  ])("moves the entry at %i to %i", (from, to, after) => {
    expect(move(["a", "b", "c"], from, to)).toEqual(after);
  });
});
