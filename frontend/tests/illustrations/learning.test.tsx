import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DescentCurve } from "../../src/illustrations/DescentCurve";
import { DescentValley } from "../../src/illustrations/DescentValley";
import { Folds } from "../../src/illustrations/Folds";
import { Leakage } from "../../src/illustrations/Leakage";
import { LossHistory } from "../../src/illustrations/LossHistory";
import { Winner } from "../../src/illustrations/Winner";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  act(() => render(null, root));
  document.body.replaceChildren();
  vi.useRealTimers();
});

const show = (element: preact.VNode) => act(() => render(element, root));
const reading = () => root.querySelector(".reading")?.textContent ?? "";
const button = (words: string) =>
  [...root.querySelectorAll("button")].find((each) => each.textContent?.includes(words));
const click = (words: string) => act(() => void button(words)?.click());
const slide = (label: string, value: number) =>
  act(() => {
    const slider = [...root.querySelectorAll("label.slider")].find((each) =>
      each.textContent?.includes(label),
    );
    const input = slider?.querySelector("input");
    if (!input) throw new Error(`There is no slider ${label}.`);
    input.value = `${value}`;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

const CURVE = { loss: "parabola", curvature: 1, rate: 0.3, start: -2.4, steps: 12 } as const;
const VALLEY = {
  condition: 20,
  rate: 0.08,
  momentum: 0.8,
  start: [-2.4, 1.2] as [number, number],
  steps: 60,
};
const HISTORY = { condition: 10, rates: [0.02, 0.15, 0.21], momentum: 0, steps: 60 };
const FOLDS = { folds: 5, rows: 20, shuffle: true, grouped: false, seed: 3 };
const LEAKAGE = { rows: 20, features: 40, kept: 10, seed: 11 };
const WINNER = { candidates: 20, noise: 0.03, truth: 0.7, seed: 5, score: "accuracy" } as const;

describe("a figure at its extremes", () => {
  const extremes: [name: string, figure: preact.VNode][] = [
    ["a steep parabola", <DescentCurve id="a" settings={{ ...CURVE, curvature: 10, rate: 3, steps: 50 }} />],
    ["two valleys", <DescentCurve id="a" settings={{ ...CURVE, loss: "two-valleys", rate: 3, start: 3 }} />],
    ["a start at the lowest point", <DescentCurve id="a" settings={{ ...CURVE, start: 0 }} />],
    ["a valley left at once", <DescentValley id="a" settings={{ ...VALLEY, condition: 100, rate: 1 }} />],
    ["a round valley", <DescentValley id="a" settings={{ ...VALLEY, condition: 1, rate: 1, momentum: 0 }} />],
    ["a loss of zero", <LossHistory id="a" settings={{ ...HISTORY, condition: 1, rates: [1] }} />],
    [
      "rates that diverge",
      <LossHistory id="a" settings={{ ...HISTORY, condition: 100, rates: [3, 2, 1, 0.5] }} />,
    ],
    ["ten rows in ten folds", <Folds id="a" settings={{ ...FOLDS, rows: 10, folds: 10 }} />],
    ["more folds than people", <Folds id="a" settings={{ ...FOLDS, rows: 10, folds: 10, grouped: true }} />],
    ["ten features", <Leakage id="a" settings={{ ...LEAKAGE, features: 10, kept: 20 }} />],
    ["one candidate", <Winner id="a" settings={{ ...WINNER, candidates: 1 }} />],
    ["an error", <Winner id="a" settings={{ ...WINNER, candidates: 200, noise: 0.2, score: "error" }} />],
  ];

  it.each(extremes)("shows numbers only: %s", (_, figure) => {
    show(figure);
    expect(root.querySelector("svg")).not.toBeNull();
    expect(root.querySelector(".figure-numbers table")).not.toBeNull();
    expect(root.innerHTML).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("a link to a figure", () => {
  afterEach(() => history.replaceState(null, "", "/"));

  it("brings the reader to what it was copied from", () => {
    history.replaceState(null, "", "/?curve=curvature:4;rate:0.25;start:1&cut=folds:4;grouped:1;seed:8");
    show(<DescentCurve id="curve" settings={CURVE} />);
    expect(reading()).toContain("lr · h = 1: one step arrives");
    show(<Folds id="cut" settings={{ ...FOLDS, rows: 24 }} />);
    expect(reading()).toContain("Mean error 1.09 ± 0.21");
  });

  it("is not believed where it says what cannot be", () => {
    history.replaceState(null, "", "/?curve=curvature:-4;rate:many;start:99");
    show(<DescentCurve id="curve" settings={CURVE} />);
    expect(reading()).toContain("lr · h = 0.3:");
  });
});

describe("a path that diverges", () => {
  it("ends where it leaves the picture", () => {
    show(<DescentValley id="a" settings={{ ...VALLEY, condition: 10, rate: 0.23, momentum: 0.5 }} />);
    expect(root.querySelector("svg")?.textContent).toContain("plain leaves at step 3");
    expect(reading()).toContain("After 60 steps it is far out, and with momentum the loss is");
  });
});

describe("descent on a curve", () => {
  it("names what the rate does", () => {
    show(<DescentCurve id="a" settings={CURVE} />);
    expect(reading()).toContain("lr · h = 0.3: each step keeps 70\u00a0% of the distance");
    click("Rate 1/h");
    expect(reading()).toContain("one step arrives");
    click("Rate 2/h");
    expect(reading()).toContain("swings between two points forever");
    slide("Learning rate", Math.log10(2.2));
    expect(reading()).toContain("lands 1.2 times as far away");
  });

  it("is moved by the arrow keys", () => {
    show(<DescentCurve id="a" settings={CURVE} />);
    const handle = root.querySelector('[role="slider"]');
    act(() => void handle?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })));
    expect(handle?.getAttribute("aria-valuetext")).toBe("w = −2.3, loss 2.64");
  });

  it("takes its steps one by one", () => {
    show(<DescentCurve id="a" settings={CURVE} />);
    const rows = () => root.querySelectorAll(".figure-numbers tbody tr").length;
    expect(rows()).toBe(13);
    click("Reset");
    expect(rows()).toBe(1);
    click("Step");
    expect(rows()).toBe(2);
  });

  it("plays to its end and stops", () => {
    vi.useFakeTimers();
    show(<DescentCurve id="a" settings={{ ...CURVE, steps: 3 }} />);
    click("Play");
    expect(button("Pause")).toBeDefined();
    for (let tick = 0; tick < 4; tick += 1) act(() => void vi.advanceTimersByTime(400));
    expect(root.querySelectorAll(".figure-numbers tbody tr")).toHaveLength(4);
    expect(button("Play")).toBeDefined();
  });

  it("says in which valley it ends", () => {
    show(
      <DescentCurve id="a" settings={{ ...CURVE, loss: "two-valleys", rate: 0.05, start: -2, steps: 40 }} />,
    );
    expect(reading()).toContain("ends in the left valley, not the deeper one");
    slide("Start", 1);
    expect(reading()).toContain("ends in the right valley, the deeper one");
  });
});

describe("descent in a valley", () => {
  it("takes the best rates at the press of a button", () => {
    show(<DescentValley id="a" settings={{ ...VALLEY, condition: 4 }} />);
    click("Best rate");
    expect(root.textContent).toContain("2/(1 + κ) = 0.4");
    expect(reading()).toContain("zigzags");
    click("Best pair");
    expect(root.querySelector(".figure-legend")?.textContent).toContain("with momentum 0.111");
  });
});

describe("the history of the loss", () => {
  it("names the fastest rate and the one that diverges", () => {
    show(<LossHistory id="a" settings={HISTORY} />);
    expect(reading()).toContain("Fastest in the long run is the rate 0.15.");
    expect(reading()).toContain("0.21 diverges");
    slide("dotted", Math.log10(2 / 11));
    expect(reading()).toContain("is the rate 0.182.");
  });
});

describe("folds", () => {
  it("stop leaking when people stay together", () => {
    show(<Folds id="a" settings={FOLDS} />);
    expect(root.querySelectorAll("svg .folds-leak").length).toBeGreaterThan(10);
    const together = [...root.querySelectorAll("label.choices-option")].find((each) =>
      each.textContent?.includes("stay together"),
    );
    act(() => void together?.querySelector("input")?.dispatchEvent(new Event("change", { bubbles: true })));
    expect(root.querySelectorAll(".stage .folds-leak")).toHaveLength(0);
    expect(reading()).toContain("No row is judged by a model that has seen its person.");
  });

  it("follow one row through the rounds", () => {
    show(<Folds id="a" settings={FOLDS} />);
    slide("Row to follow", 7);
    expect(reading()).toMatch(/Row 7 of person [A-G] validates in round [1-5] and trains in the 4 others\./);
  });
});

describe("leakage", () => {
  it("is counted in slices, and then told", async () => {
    show(<Leakage id="a" settings={LEAKAGE} />);
    expect(reading()).toContain("being drawn");
    await vi.waitFor(() => expect(reading()).toContain("10 of 40 features, chosen before the folds"));
    slide("Features to choose from", 0);
    expect(reading()).toContain("nothing is chosen");
  });
});

describe("the winner", () => {
  it("is drawn again, and the average goes on", () => {
    show(<Winner id="a" settings={WINNER} />);
    expect(reading()).toContain("5.6 points are expected");
    const first = reading();
    click("Draw again");
    expect(reading()).not.toBe(first);
    click("Draw 50 times");
    expect(reading()).toContain("On average over 52 draws");
  });
});
