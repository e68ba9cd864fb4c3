import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { Typed } from "../../src/interactions/typed";

async function shape(text: string): Promise<string> {
  const root = document.createElement("div");
  await act(() => render(<Typed text={text} />, root));
  const told = (element: Element): string =>
    element.children.length > 0
      ? `${element.localName}(${[...element.children].map(told).join("")})`
      : (element.textContent ?? "");
  return told(root.querySelector("math > mrow") as Element);
}

describe("the likeness of a typed expression", () => {
  it.each([
    ["2*lambda*w^2", "mrow(2⋅λ⋅msup(wmrow(2)))"],
    ["w**-2", "mrow(msup(wmrow(−2)))"],
    ["x^(a+b)", "mrow(msup(xmrow(a+b)))"],
    ["sqrt(x)", "mrow(msqrt(x))"],
    ["exp(-x)", "mrow(expmrow((−x)))"],
    ["w_1 + w2", "mrow(msub(w1)+msub(w2))"],
    ["0.5*x", "mrow(0.5⋅x)"],
  ])("looks like the formula: %s", async (text, wanted) => {
    expect(await shape(text)).toBe(wanted);
  });

  it.each([
    ["(", "mrow(mrow(()))"],
    [")", "mrow())"],
    ["x^", "mrow(msup(x))"],
    ["x^)", "mrow(msup(x)))"],
    ["sqrt(", "mrow()"],
    ["w_", "mrow(w)"],
    ["a))b", "mrow(a))b)"],
    ["^", "mrow(^)"],
  ])("stands while it is still being typed: %s", async (text, wanted) => {
    expect(await shape(text)).toBe(wanted);
  });

  it("holds no element that was typed", async () => {
    expect(await shape("<b>x")).toBe("mrow(<b>x)");
  });
});
