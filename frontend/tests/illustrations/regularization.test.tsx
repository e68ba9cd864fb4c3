import { type ComponentType, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { FlexibleFit, reading as fitReading } from "../../src/illustrations/FlexibleFit";
import type { IllustrationProps } from "../../src/illustrations/plug";
import { reading as lossReading, ValidationCurve } from "../../src/illustrations/ValidationCurve";
import { reading as pathReading, WeightPaths } from "../../src/illustrations/WeightPaths";
import { reading as planeReading, WeightPlane } from "../../src/illustrations/WeightPlane";
import { constrained, type Penalty, planeLoss } from "../../src/numbers/fence";
import { choose } from "../../src/numbers/validation";

const PLANE = { penalty: "l1", p: 1.5, mix: 0.5, budget: 1, minimum: [1.3, 1.9], correlation: -0.28 };
const LOSSES = {
  strengths: [0.0001, 0.001, 0.01, 0.1, 1, 10],
  training: [0.31, 0.32, 0.36, 0.45, 0.62, 1.48],
  validation: [0.92, 0.86, 0.71, 0.64, 0.68, 1.52],
  errors: [0.07, 0.06, 0.05, 0.05, 0.05, 0.08],
};
const FIT = { degree: 9, points: 15, noise: 0.25, strength: 0.00001, seed: 7 };

function shown(Figure: ComponentType<IllustrationProps<never>>, settings: object): HTMLElement {
  const home = document.createElement("div");
  document.body.append(home);
  act(() => render(<Figure settings={settings as never} id="figure-1" />, home));
  return home;
}

const plain = (text: string | null | undefined) => (text ?? "").replaceAll("\u00a0", " ");
const readingIn = (home: HTMLElement) => plain(home.querySelector(".reading")?.textContent);

function press(home: HTMLElement, handle: string, key: string, times = 1) {
  for (let count = 0; count < times; count += 1)
    act(() => {
      home
        .querySelector(`[role="slider"][aria-label="${handle}"]`)
        ?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    });
}

afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
});

describe("the map of two weights", () => {
  const words = (penalty: Penalty, budget: number) => {
    const loss = planeLoss({ x: 1.3, y: 1.9 }, -0.28);
    return plain(planeReading(loss, penalty, constrained(loss, penalty, budget)));
  };

  it("says which weight is exactly zero, and where the oval touches", () => {
    expect(words({ kind: "l1" }, 1)).toMatch(/^w₁ = 0 exactly, w₂ = 1\.00\. The oval touches a corner/);
  });

  it("says that both are nonzero on an edge", () => {
    expect(words({ kind: "l2" }, 1)).toMatch(/^Both weights are nonzero: 0\.40 and 0\.92\./);
  });

  it("never calls a weight zero that is merely small", () => {
    expect(words({ kind: "lp", p: 1.0001 }, 1)).toMatch(/^Both weights are nonzero: almost 0 and 1\.00/);
  });

  it("says that a wide fence changes nothing", () => {
    expect(words({ kind: "l2" }, 3)).toContain("The penalty changes nothing.");
  });

  it("has handles that the Tab key reaches", () => {
    // An SVG takes the attribute in lower case only.
    const handles = [...shown(WeightPlane, PLANE).querySelectorAll(".handle")];
    expect(handles.map((handle) => handle.getAttribute("tabindex"))).toEqual(["0", "0"]);
  });

  it("leaves the corner when the budget is moved by the arrow keys", () => {
    const home = shown(WeightPlane, PLANE);
    expect(readingIn(home)).toContain("0 exactly");
    press(home, "Budget", "ArrowRight", 2);
    expect(readingIn(home)).toContain("Both weights are nonzero");
  });

  it("is restored from a link, within bounds", () => {
    history.replaceState(null, "", "/?figure-1=penalty:l2;budget:0.5;first:99");
    const home = shown(WeightPlane, PLANE);
    expect(home.querySelector('[aria-label="Budget"]')?.getAttribute("aria-valuetext")).toBe("0.50");
    expect(home.querySelector('[aria-label="Minimum of the loss"]')?.getAttribute("aria-valuetext")).toBe(
      "w₁ 1.30, w₂ 1.90",
    );
    expect(home.querySelector("input:checked")?.parentElement?.textContent).toBe("L2");
  });
});

describe("the paths of weights", () => {
  it("name the weights that are exactly zero", () => {
    expect(plain(pathReading(["ridge", "lasso"], 0.3))).toBe(
      "λ = 0.3. Ridge: no weight is zero. Lasso: Rooms and Number are exactly zero.",
    );
    expect(plain(pathReading(["lasso"], 100))).toContain("all weights are exactly zero");
    expect(plain(pathReading(["ridge"], 100))).toContain("no weight is zero");
  });

  it("move with the cursor of either chart", () => {
    const home = shown(WeightPaths, { penalty: "both", strength: 0.1 });
    press(home, "λ of lasso", "ArrowRight", 13);
    expect(readingIn(home)).toContain("λ = 2");
    expect(readingIn(home)).toContain("all weights are exactly zero");
  });
});

describe("the curve of validation losses", () => {
  const words = (place: number) => plain(lossReading(LOSSES, choose(LOSSES), place, "λ"));

  it("calls small strengths overfitting and large ones underfitting", () => {
    expect(words(0)).toMatch(
      /^λ = 0\.0001 is too small, overfitting: training 0\.31, validation 0\.92 ± 0\.07\./,
    );
    expect(words(5)).toMatch(/^λ = 10 is too large, underfitting/);
  });

  it("says what each rule takes", () => {
    expect(words(3)).toContain("The minimum rule takes λ = 0.1; the one-standard-error rule λ = 1");
    expect(words(4)).toContain("is within one standard error of the minimum");
  });

  it("asks for a longer grid when the minimum is at its end", () => {
    const falling = { ...LOSSES, validation: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4] };
    expect(lossReading(falling, choose(falling), 5, "λ")).toContain("extend it");
  });

  it("reads a grid in any order", () => {
    const reversed = Object.fromEntries(
      Object.entries(LOSSES).map(([name, values]) => [name, values.toReversed()]),
    );
    const home = shown(ValidationCurve, { ...reversed, rule: "minimum", axis: "λ" });
    press(home, "λ", "ArrowRight");
    expect(readingIn(home)).toContain("λ = 1 is within one standard error");
  });
});

describe("the flexible fit", () => {
  it("says where the test error stands relative to its minimum", () => {
    const best = { strength: 0.02, training: 0.03, test: 0.12 };
    const at = (strength: number, test: number) => fitReading({ strength, training: 0.02, test }, best);
    expect(at(0.00001, 0.23)).toMatch(/^Overfit/);
    expect(at(0.03, 0.125)).toMatch(/^Balanced/);
    expect(at(5, 0.6)).toMatch(/^Underfit/);
  });

  it("draws other points at a press of the button", () => {
    const home = shown(FlexibleFit, FIT);
    const dots = () => [...home.querySelectorAll(".stage .sample-dot")].map((dot) => dot.getAttribute("cy"));
    const before = dots();
    act(() => home.querySelector<HTMLButtonElement>("button")?.click());
    expect(dots()).toHaveLength(15);
    expect(dots()).not.toEqual(before);
  });
});
