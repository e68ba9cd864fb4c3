import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AttemptPresentation } from "../../src/api/types";
import { Countdown } from "../../src/components/Countdown";
import { Navigator } from "../../src/components/Navigator";
import { announcement } from "../../src/state/announcer";
import { serverClock } from "../../src/state/clock";
import { clockChoice, setClockChoice, WARNINGS } from "../../src/state/settings";

const MINUTE = 60_000;
const START = Date.parse("2026-11-23T12:00:00Z");
const inMinutes = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();

let root: HTMLElement;
const onEnd = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  vi.spyOn(serverClock, "now").mockImplementation(() => Date.now());
  root = document.body.appendChild(document.createElement("div"));
  announcement.value = "";
  onEnd.mockReset();
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
  setClockChoice({ spokenAt: WARNINGS, isHidden: false, comesBack: true });
  vi.useRealTimers();
});

const show = (minutes: number) =>
  act(() => render(<Countdown deadline={inMinutes(minutes)} onEnd={onEnd} />, root));
const wait = (minutes: number) => act(() => void vi.advanceTimersByTime(minutes * MINUTE));
const time = () => root.querySelector("[role=timer]")?.textContent?.replace("Time left: ", "");
const tick = async (words: string) => {
  const label = [...root.querySelectorAll("label")].find((one) => one.textContent?.trim() === words);
  await act(() => label?.querySelector("input")?.click());
};

describe("the clock of an attempt", () => {
  it("takes over more time, says so, and warns again", async () => {
    await show(2);
    await wait(1.1);
    expect(announcement.value).toBe("One minute left.");
    await show(17);
    expect(announcement.value).toBe("You were given more time. 15 minutes left.");
    await wait(0.01);
    expect(time()).toBe("15:54");
    await wait(6);
    expect(announcement.value).toBe("10 minutes left.");
    expect(onEnd).not.toHaveBeenCalled();
  });

  it("runs on to the end where time was added at the last moment", async () => {
    await show(1);
    await wait(1);
    expect(onEnd).toHaveBeenCalledOnce();
    await show(2);
    await wait(0.01);
    expect(time()).toBe("1:00");
    await wait(1);
    expect(onEnd).toHaveBeenCalledTimes(2);
  });

  it("speaks only at the minutes that were left on", async () => {
    await show(11);
    await tick("10 minutes");
    await wait(2);
    expect(announcement.value).toBe("");
    await wait(4.5);
    expect(announcement.value).toBe("5 minutes left.");
    expect(clockChoice.value.spokenAt).toEqual([5, 1]);
  });

  it("is hidden on demand and comes back for the last minute", async () => {
    await show(3);
    await tick("Show the time left");
    expect(time()).toBe("hidden");
    await wait(2.5);
    expect(time()).toBe("0:30");
  });

  it("stays hidden to the end for whoever wants that", async () => {
    await show(3);
    await tick("Show the time left");
    await tick("Show it for the last minute");
    await wait(2.5);
    expect(time()).toBe("hidden");
    await wait(0.5);
    expect(onEnd).toHaveBeenCalledOnce();
  });
});

describe("the list of questions", () => {
  it("names the state of each in words, with its flag", async () => {
    const entry = (position: number, changes: Partial<AttemptPresentation>): AttemptPresentation => ({
      position,
      section: "",
      state: "answered",
      tries_left: 0,
      score: null,
      max_score: 2,
      ...changes,
    });
    const entries = [
      entry(1, { state: "open" }),
      entry(2, {}),
      entry(3, { score: 2 }),
      entry(4, { score: 1 }),
      entry(5, { score: 0 }),
    ];
    const list = (
      <Navigator
        entries={entries}
        total={5}
        grows={false}
        current={1}
        flagged={new Set([1, 5])}
        onOpen={() => undefined}
      />
    );
    await act(() => render(list, root));
    expect([...root.querySelectorAll(".marker")].map((one) => one.getAttribute("aria-label"))).toEqual([
      "Question 1, not answered, flagged",
      "Question 2, answered",
      "Question 3, full score",
      "Question 4, part of the score",
      "Question 5, no score, flagged",
    ]);
  });
});
