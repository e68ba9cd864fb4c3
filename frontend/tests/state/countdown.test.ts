import { describe, expect, it } from "vitest";
import { ServerClock } from "../../src/state/clock";
import { formatTimeLeft, isShort, timeLeft, warningBetween } from "../../src/state/countdown";

const MINUTE = 60_000;
const DEADLINE = "2026-11-23T12:00:00Z";

describe("the countdown", () => {
  it("counts down to the deadline by the server's clock", () => {
    expect(timeLeft(DEADLINE, Date.parse("2026-11-23T11:30:00Z"))).toBe(30 * MINUTE);
  });

  it("never goes below zero", () => {
    expect(timeLeft(DEADLINE, Date.parse("2026-11-23T12:00:05Z"))).toBe(0);
  });

  it("says nothing of time where there is no deadline", () => {
    expect(timeLeft(null, 0)).toBeNull();
  });

  it.each([
    [90 * MINUTE + 5000, "1:30:05"],
    [12 * MINUTE + 5000, "12:05"],
    [59_000, "0:59"],
    [1, "0:01"],
    [0, "0:00"],
  ])("shows %i ms as %s", (milliseconds, shown) => {
    expect(formatTimeLeft(milliseconds)).toBe(shown);
  });

  it("speaks at ten, five and one minutes, once each", () => {
    const spoken = [11, 10, 9.9, 5, 4.9, 1, 0.5].map((minutes, index, all) =>
      warningBetween((all[index - 1] ?? 12) * MINUTE, minutes * MINUTE),
    );
    expect(spoken).toEqual([
      null,
      "10 minutes left.",
      null,
      "5 minutes left.",
      null,
      "One minute left.",
      null,
    ]);
  });

  it("says only the nearest of several moments that passed while the page slept", () => {
    expect(warningBetween(20 * MINUTE, 3 * MINUTE)).toBe("5 minutes left.");
  });

  it("is short within the last minute", () => {
    expect([61_000, 60_000].map(isShort)).toEqual([false, true]);
  });
});

describe("the server's clock", () => {
  const stamp = (milliseconds: number) => new Date(milliseconds).toUTCString();

  it("is the local clock until a reply was seen", () => {
    expect(new ServerClock(() => 5000).now()).toBe(5000);
  });

  it("is within a second after one reply", () => {
    const clock = new ServerClock(() => 0);
    clock.observe(stamp(100_000), 0, 0);
    expect(Math.abs(clock.now() - 100_500)).toBeLessThanOrEqual(500);
  });

  it("comes closer with every reply", () => {
    // The server is 10.7 s ahead; its stamps are cut to seconds.
    const ahead = 10_700;
    const clock = new ServerClock(() => 0);
    for (let local = 0; local < 5000; local += 130)
      clock.observe(stamp(Math.floor((local + ahead + 20) / 1000) * 1000), local, local + 40);
    expect(Math.abs(clock.now() - ahead)).toBeLessThan(120);
  });

  it("begins anew when the computer's own clock was set", () => {
    const clock = new ServerClock(() => 0);
    clock.observe(stamp(100_000), 0, 0);
    clock.observe(stamp(100_000), 3_600_000, 3_600_000);
    expect(Math.abs(clock.now() + 3_500_000)).toBeLessThan(1000);
  });

  it("ignores a reply without a date", () => {
    const clock = new ServerClock(() => 7);
    clock.observe(null, 0, 0);
    clock.observe("yesterday", 0, 0);
    expect(clock.now()).toBe(7);
  });
});
