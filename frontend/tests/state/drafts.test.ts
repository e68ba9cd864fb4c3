import { describe, expect, it } from "vitest";
import { ApiFailure, ConnectionLost } from "../../src/api/failure";
import { type Draft, DraftSaver } from "../../src/state/drafts";
import { memoryShelf } from "../shelf";

const draft = (text: string, position = 1): Draft => ({ attempt: "a1", position, answer: { a: text } });

/** A saver whose time is told by hand: `pass()` lets the pending delay end. */
function scene(failures: (Error | null)[] = []) {
  const saved: Draft[] = [];
  const shelf = memoryShelf<Draft>();
  let pending: (() => void) | null = null;
  const saver = new DraftSaver({
    shelf,
    save: async (one) => {
      const failure = failures.shift();
      if (failure) throw failure;
      saved.push(one);
    },
    later: (callback) => {
      pending = callback;
      return () => {
        if (pending === callback) pending = null;
      };
    },
  });
  const pass = async () => {
    pending?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  saver.open(draft(""));
  return { saver, saved, shelf, pass, isWaiting: () => pending !== null };
}

describe("the draft saver", () => {
  it("saves once, when the typing pauses, and saves the latest", async () => {
    const { saver, saved, pass } = scene();
    saver.edit(draft("1"));
    saver.edit(draft("1.5"));
    expect(saver.state.value).toBe("typing");
    await pass();
    expect(saved).toEqual([draft("1.5")]);
    expect(saver.state.value).toBe("saved");
  });

  it("keeps what the server could not take, and tries again", async () => {
    const { saver, saved, pass } = scene([new ConnectionLost()]);
    saver.edit(draft("2"));
    await pass();
    expect(saver.state.value).toBe("kept");
    expect(saver.local(draft(""), null)).toEqual({ a: "2" });
    await pass();
    expect(saved).toEqual([draft("2")]);
    expect(saver.local(draft(""), null)).toBeNull();
  });

  it("does not overwrite a newer text with the end of an older saving", async () => {
    const { saver, pass } = scene();
    saver.edit(draft("1"));
    const saving = saver.flush();
    saver.edit(draft("12"));
    await saving;
    expect(saver.state.value).toBe("typing");
    expect(saver.local(draft(""), null)).toEqual({ a: "12" });
    await pass();
    expect(saver.local(draft(""), null)).toBeNull();
  });

  it("sends what was typed before another item opens", async () => {
    const { saver, saved, pass } = scene();
    saver.edit(draft("3"));
    saver.open(draft("", 2));
    await pass();
    expect(saved).toEqual([draft("3")]);
    expect(saver.state.value).toBe("untouched");
  });

  it("sends no draft behind the answer itself", async () => {
    const { saver, saved, pass, isWaiting } = scene();
    saver.edit(draft("4"));
    saver.drop(draft("4"));
    await pass();
    expect(saved).toEqual([]);
    expect(isWaiting()).toBe(false);
    expect(saver.local(draft(""), null)).toBeNull();
  });

  it("forgets its own copy of what the server turns out to have", () => {
    const { saver, shelf } = scene();
    saver.edit(draft("6"));
    expect(saver.local(draft(""), { a: "6" })).toEqual({ a: "6" });
    expect(shelf.entries()).toEqual([]);
  });

  it("gives up a draft that a closed item refuses", async () => {
    const { saver, shelf, pass, isWaiting } = scene([new ApiFailure(409, [], null)]);
    saver.edit(draft("5"));
    await pass();
    expect(shelf.entries()).toEqual([]);
    expect(isWaiting()).toBe(false);
  });
});
