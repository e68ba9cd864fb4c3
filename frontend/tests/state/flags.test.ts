import { afterEach, describe, expect, it } from "vitest";
import { Flags } from "../../src/state/flags";

afterEach(() => localStorage.clear());

describe("the flags of an attempt", () => {
  it("outlive a reload, and belong to it alone", () => {
    const flags = new Flags("one");
    flags.toggle(3);
    flags.toggle(1);
    flags.toggle(3);
    expect([...new Flags("one").all]).toEqual([1]);
    expect(new Flags("one").has(1)).toBe(true);
    expect([...new Flags("two").all]).toEqual([]);
  });

  it("leave nothing behind when the last is taken off, or the attempt is over", () => {
    const flags = new Flags("one");
    flags.toggle(1);
    flags.toggle(1);
    expect(localStorage.length).toBe(0);
    flags.toggle(2);
    flags.forget();
    expect(localStorage.length).toBe(0);
    expect(flags.has(2)).toBe(false);
  });

  it.each(['"1"', '{"1": true}', "no JSON"])("are none where the device holds nonsense: %s", (stored) => {
    localStorage.setItem("assay.flags.one", stored);
    expect([...new Flags("one").all]).toEqual([]);
  });
});
