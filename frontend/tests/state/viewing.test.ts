import { describe, expect, it } from "vitest";
import { StoppableClock, Viewing } from "../../src/state/viewing";

/** What was in view by a clock that is set by hand, in seconds. */
function scene() {
  const time = { seconds: 0 };
  const clock = new StoppableClock(() => 1000 * time.seconds, true);
  return { time, clock, viewing: new Viewing(() => clock.now()) };
}

describe("the time in view", () => {
  it("is counted from one answer to the next", () => {
    const { time, viewing } = scene();
    time.seconds = 5;
    viewing.look(1);
    time.seconds = 12;
    expect(viewing.take(1)).toBe(7);
    time.seconds = 15.5;
    expect(viewing.take(1)).toBe(3.5);
  });

  it("adds up over the visits to an item, and leaves out the others", () => {
    const { time, viewing } = scene();
    viewing.look(1);
    time.seconds = 10;
    viewing.look(2);
    time.seconds = 40;
    viewing.look(1);
    time.seconds = 42;
    expect(viewing.take(1)).toBe(12);
    expect(viewing.take(2)).toBe(30);
    expect(viewing.take(3)).toBe(0);
  });

  it("stands still while the page is hidden", () => {
    const { time, clock, viewing } = scene();
    viewing.look(1);
    time.seconds = 3;
    clock.run(false);
    time.seconds = 600;
    clock.run(true);
    time.seconds = 601;
    expect(viewing.take(1)).toBe(4);
  });
});
