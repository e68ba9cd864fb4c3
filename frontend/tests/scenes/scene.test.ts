import { describe, expect, it } from "vitest";
import { permalink, stateIn } from "../../src/illustrations/parts/permalink";
import type { Setup, Weights } from "../../src/numbers/descent";
import { landscape } from "../../src/numbers/landscape";
import { angleAfterKey, HOME, turned } from "../../src/scenes/orbit";
import { firstState, type LossSceneSettings, linkedState } from "../../src/scenes/state";
import { pullWords, readable, reading, sceneWords, tableOf, zeroWords } from "../../src/scenes/words";

const SETTINGS: LossSceneSettings = {
  penalty: "l1",
  strength: 0.6,
  mix: 0.5,
  rate: 0.1,
  momentum: 0,
  start: [-1.6, 2.2],
  condition: 4,
  paths: ["plain", "penalized", "proximal"],
};
const SETUP = firstState(SETTINGS, {}).setup;
const START: Weights = [-1.6, 2.2];
const HERE = "https://assay.example/lessons/regularization";

const view = (part: Partial<Setup> = {}) => landscape({ ...SETUP, ...part }, "loss", START, SETTINGS.paths);
const words = (part: Partial<Setup>, step: number) => reading({ ...SETUP, ...part }, view(part), step);

describe("the reading", () => {
  it("says exactly 0 of a proximal weight that is 0 itself, and of no other", () => {
    expect(words({}, 40)).toMatch(/penalized \(0\.08, 1\.29\); proximal \(0, 1\.28\) with w₁ exactly 0\./);
    expect(words({ penalty: "l2" }, 200)).not.toContain("exactly");
  });

  it("says that a path has left, and why", () => {
    expect(words({ penalty: "l2", rate: 0.28, strength: 2.5 }, 5)).toContain(
      "Penalized left the stage at step 5: it diverges, because lr · (h + 2λ) = 2.52 is above 2.",
    );
  });

  it("warns before the first step", () => {
    expect(words({ rate: 0.6 }, 0)).toContain("plain and penalized and proximal will diverge");
  });

  it.each([
    [0.5, "decay smoothly"],
    [1, "wipes out the old weight"],
    [1.5, "jump across zero"],
    [2, "flip between w and −w forever"],
    [2.5, "flip and grow"],
  ])("names the row of the table for a pull of %d", (pull, row) => {
    expect(pullWords(pull)).toContain(row);
    expect(words({ isFlat: true, penalty: "l2", rate: 0.5, strength: pull }, 1)).toContain(row);
  });

  it("speaks of no penalty where there is none", () => {
    const setup = { ...SETUP, penalty: "none" } as const;
    const { trails, ...rest } = landscape(setup, "loss", START, ["plain", "momentum"]);
    const said = `${reading(setup, { trails, ...rest }, 9)} ${sceneWords(setup, { trails, ...rest })}`;
    expect(said).not.toMatch(/penal|MSE/i);
  });
});

describe("numbers for reading", () => {
  it("write 0 for nothing but 0 itself", () => {
    expect([0, 0.004, -0.0007, 2e-9, -1.6, 12].map((value) => readable(value))).toEqual([
      "0",
      "0.004",
      "−0.0007",
      "2 · 10⁻⁹",
      "−1.6",
      "12",
    ]);
    expect([zeroWords([0, 1]), zeroWords([1e-12, 1]), zeroWords([0, 0])]).toEqual([
      "w₁ exactly 0",
      "",
      "both weights exactly 0",
    ]);
  });

  it("fill a table up to the step, with nothing where a path has ended", () => {
    const part: Partial<Setup> = { penalty: "l2", rate: 0.28, strength: 2.5 };
    const [columns, rows] = tableOf({ ...SETUP, ...part }, view(part).trails, 8);
    expect(columns.length).toBe(10);
    expect(rows.length).toBe(9);
    expect(rows.every((row) => row.length === 10)).toBe(true);
    expect(rows[8]?.slice(4, 7)).toEqual(["–", "–", "–"]);
    expect(rows.flat().some((cell) => cell.includes("NaN"))).toBe(false);
  });
});

describe("a link", () => {
  it("restores all that can be moved", () => {
    const moved = {
      ...firstState(SETTINGS, {}),
      setup: { ...SETUP, penalty: "elastic-net", strength: 1.2, mix: 0.3, rate: 0.25, isFlat: true } as const,
      ground: "mse" as const,
      start: [1.5, -0.4] as Weights,
      step: 17,
      angle: { turn: -1.2, tilt: 0.9, zoom: 1.5 },
    };
    const address = permalink("loss-scene-1", linkedState(moved), HERE);
    expect(firstState(SETTINGS, stateIn("loss-scene-1", address))).toEqual(moved);
  });

  it("changes nothing where it says what cannot be", () => {
    const link = { penalty: "l7", strength: "-3", rate: "fast", step: "1e9", w1: "40", ground: "sea" };
    expect(firstState(SETTINGS, link)).toEqual(firstState(SETTINGS, {}));
  });

  it("brings no penalty into a lesson that has none", () => {
    const state = firstState({ ...SETTINGS, penalty: "none" }, { penalty: "l2", data: "flat" });
    expect([state.setup.penalty, state.setup.isFlat]).toEqual(["none", false]);
  });
});

describe("turning by keys", () => {
  it("turns, tilts, zooms and comes home", () => {
    expect(angleAfterKey(HOME, "ArrowLeft")?.turn).toBeGreaterThan(HOME.turn);
    expect(angleAfterKey(HOME, "ArrowUp")?.tilt).toBeGreaterThan(HOME.tilt);
    expect(angleAfterKey(HOME, "+")?.zoom).toBeGreaterThan(1);
    expect(angleAfterKey({ turn: 2, tilt: 1, zoom: 2 }, "Home")).toEqual(HOME);
    expect(angleAfterKey(HOME, "Tab")).toBeNull();
  });

  it("never looks from below the floor or from beyond the top", () => {
    expect(turned(HOME, { tilt: -9 }).tilt).toBeGreaterThan(0);
    expect(turned(HOME, { tilt: 9 }).tilt).toBeLessThan(Math.PI / 2);
    expect(turned(HOME, { zoom: 1e9 }).zoom).toBeLessThan(3);
  });
});
