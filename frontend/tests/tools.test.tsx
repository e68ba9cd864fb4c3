import { describe, expect, it } from "vitest";
import { calculate, Incalculable, written } from "../src/tools/arithmetic";

describe("the calculator", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 - 2*0.1*0.5)*3", 2.7],
    ["2 - 3 - 4", -5],
    ["24 ÷ 4 ÷ 2", 3],
    ["−2^2", -4],
    ["(-2)^2", 4],
    ["2^3^2", 512],
    ["2^-1", 0.5],
    ["3 × −2", -6],
    ["1e-3", 0.001],
    ["1.5E3", 1500],
    [".5", 0.5],
    ["5.", 5],
    ["√9 + sqrt(16)", 7],
    ["√2^2", 2],
    ["exp(0) + ln(e)", 2],
    ["log10(1000) + log2(8)", 6],
    ["abs(−3)", 3],
    ["cos(π)", -1],
    ["Ans * 2", 84],
    ["((((1))))", 1],
  ])("reads %s", (typed, value) => {
    expect(calculate(typed, 42)).toBeCloseTo(value, 12);
  });

  it.each([
    ["", "A number is missing at the end."],
    ["1 +", "A number is missing at the end."],
    ["(1 + 2", "A bracket is never closed."],
    ["1 + 2)", "A closing bracket has no opening one."],
    ["2(3)", "A sign is missing before (."],
    ["2 π", "A sign is missing before pi."],
    ["(1 2)", "A sign is missing before 2."],
    ["* 2", "A number is missing before *."],
    ["1,5", "Write the decimal sign as a point."],
    ["1 / 0", "That is no number: divided by zero, or too large."],
    ["ln(0)", "That is no number: divided by zero, or too large."],
    ["sqrt(0-1)", "That is no number: divided by zero, or too large."],
    ["log(2)", "Write ln for the natural logarithm, or log10."],
    ["exp 2", "Write a bracket after exp."],
    ["x + 1", "This name means nothing here: x"],
    ["constructor", "This name means nothing here: constructor"],
    ["2 # 3", "This sign means nothing here: #"],
    ["(".repeat(200), "This is nested too deeply."],
  ])("refuses %s in words", (typed, words) => {
    expect(() => calculate(typed)).toThrow(new Incalculable(words));
  });

  it("says of ans that there is none before the first result", () => {
    expect(() => calculate("ans")).toThrow("There is no result yet");
  });

  it.each([
    [0.1 + 0.2, "0.3"],
    [-1 / 3, "−0.333333333333"],
    [-0, "0"],
    [1e21, "1e+21"],
    [1234567.891, "1234567.891"],
  ])("writes %d without the dust of binary arithmetic", (value, text) => {
    expect(written(value)).toBe(text);
  });
});
