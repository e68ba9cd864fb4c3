import { describe, expect, it } from "vitest";
import { ApiFailure, ConnectionLost } from "../../src/api/failure";
import { type Draft, DraftSaver } from "../../src/state/drafts";
import { memoryShelf } from "../shelf";

const draft = (text: string, position = 1): Draft => ({ attempt: "a1", position, answer: { a: text } });

/** Let everything happen that waits for nothing. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

const refusal = (status: number, code = "no") =>
  new ApiFailure(status, [{ code, detail: "No.", attr: null }], null);

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
    await settled();
  };
  saver.open(draft(""));
  return { saver, saved, shelf, pass, isWaiting: () => pending !== null };
}

describe("the draft saver", () => {
  it("saves once, when the typing pauses, and saves the latest", async () => {
    const { saver, saved, pass } = scene();
    saver.edit(draft("1"));
    saver.edit(draft("1.5"));
    expect(saver.stateAt(draft(""))).toBe("typing");
    await pass();
    expect(saved).toEqual([draft("1.5")]);
    expect(saver.stateAt(draft(""))).toBe("saved");
  });

  it("keeps what the server could not take, and tries again", async () => {
    const { saver, saved, pass } = scene([new ConnectionLost()]);
    saver.edit(draft("2"));
    await pass();
    expect(saver.stateAt(draft(""))).toBe("kept");
    expect(saver.local(draft(""), null, 0)).toEqual({ a: "2" });
    await pass();
    expect(saved).toEqual([draft("2")]);
    expect(saver.local(draft(""), null, 0)).toBeNull();
  });

  it("does not overwrite a newer text with the end of an older saving", async () => {
    const { saver, pass } = scene();
    saver.edit(draft("1"));
    const saving = saver.flush();
    saver.edit(draft("12"));
    await saving;
    expect(saver.stateAt(draft(""))).toBe("typing");
    expect(saver.local(draft(""), null, 0)).toEqual({ a: "12" });
    await pass();
    expect(saver.local(draft(""), null, 0)).toBeNull();
  });

  it("sends what was typed before another item opens", async () => {
    const { saver, saved, pass } = scene();
    saver.edit(draft("3"));
    saver.open(draft("", 2));
    await pass();
    expect(saved).toEqual([draft("3")]);
    expect(saver.stateAt(draft(""))).toBe("saved");
    expect(saver.stateAt(draft("", 2))).toBe("untouched");
  });

  it("sends no draft behind the answer itself", async () => {
    const { saver, saved, pass, isWaiting } = scene();
    saver.edit(draft("4"));
    saver.drop(draft("4"));
    await pass();
    expect(saved).toEqual([]);
    expect(isWaiting()).toBe(false);
    expect(saver.local(draft(""), null, 0)).toBeNull();
  });

  it("forgets its own copy of what the server turns out to have", () => {
    const { saver, shelf } = scene();
    saver.edit(draft("6"));
    expect(saver.local(draft(""), { a: "6" }, 0)).toEqual({ a: "6" });
    expect(shelf.entries()).toEqual([]);
  });

  it("gives up a draft that a closed item refuses", async () => {
    const { saver, shelf, pass, isWaiting } = scene([new ApiFailure(409, [], null)]);
    saver.edit(draft("5"));
    await pass();
    expect(shelf.entries()).toEqual([]);
    expect(isWaiting()).toBe(false);
  });

  it.each([
    ["signed out", refusal(401, "not_authenticated")],
    ["not allowed", refusal(403, "permission_denied")],
    ["a page without its token", refusal(403, "csrf_failed")],
    ["not found, as for another learner", refusal(404, "not_found")],
    ["too much at once", refusal(429, "throttled")],
    ["a fault of the server", refusal(500, "error")],
    ["too large", refusal(413, "body_too_large")],
    ["no connection", new ConnectionLost()],
  ])("keeps the text when the server says: %s", async (_, failure) => {
    const { saver, shelf, pass } = scene([failure]);
    saver.edit(draft("7.77"));
    await pass();
    expect(shelf.entries()).toEqual([["a1/1", draft("7.77")]]);
    expect(saver.stateAt(draft(""))).toBe("kept");
    await saver.flush();
    expect(saver.stateAt(draft(""))).toBe("saved");
  });

  it("lets go of a draft that an answer has overtaken, and does not call the item closed", async () => {
    const { saver, shelf, pass, isWaiting } = scene([refusal(409, "draft_stale")]);
    saver.edit({ ...draft("5"), after: 0 });
    await pass();
    expect(shelf.entries()).toEqual([]);
    expect(saver.stateAt(draft(""))).toBe("outdated");
    expect(isWaiting()).toBe(false);
  });

  it("does not bring back what was typed before an answer that the server has", () => {
    const { saver, shelf } = scene();
    shelf.put("a1/1", { ...draft("5"), after: 1 });
    expect(saver.local(draft(""), null, 1)).toEqual({ a: "5" });
    expect(saver.local(draft(""), null, 2)).toBeNull();
    expect(shelf.entries()).toEqual([]);
  });

  it("goes on trying while the learner is signed out, and sends what a later page finds", async () => {
    const { saver, saved, shelf, pass, isWaiting } = scene([refusal(401)]);
    saver.edit(draft("7.77"));
    await pass();
    expect(isWaiting()).toBe(true);
    saver.release();
    expect(saver.local(draft(""), null, 0)).toEqual({ a: "7.77" });
    saver.takeUp(draft(""));
    await pass();
    expect(saved).toEqual([draft("7.77")]);
    expect(shelf.entries()).toEqual([]);
  });

  it("keeps what came after the end, and says that it is not taken", async () => {
    const { saver, shelf, pass, isWaiting } = scene([refusal(409, "attempt_closed")]);
    saver.edit(draft("5"));
    await pass();
    expect(saver.stateAt(draft(""))).toBe("refused");
    expect(saver.leftIn("a1")).toEqual([draft("5")]);
    expect(shelf.entries()).toHaveLength(1);
    expect(isWaiting()).toBe(false);
  });

  it("delivers every draft of an attempt, also those of other items and of an earlier page", async () => {
    const { saver, saved, shelf } = scene([new ConnectionLost()]);
    shelf.put("a1/9", draft("old", 9));
    saver.edit(draft("1"));
    saver.open(draft("", 2));
    await settled();
    saver.edit(draft("2", 2));
    await saver.deliver("a1");
    expect(saved).toEqual(expect.arrayContaining([draft("1"), draft("2", 2), draft("old", 9)]));
    expect(shelf.entries()).toEqual([]);
  });

  it("does not call delivered what the server did not take", async () => {
    const { saver, shelf } = scene([refusal(503)]);
    saver.edit(draft("1"));
    await expect(saver.deliver("a1")).rejects.toMatchObject({ status: 503 });
    expect(shelf.entries()).toHaveLength(1);
  });

  it("waits for a saving under way, and does not let a later one overtake it", async () => {
    const order: string[] = [];
    const ends: (() => void)[] = [];
    const saver = new DraftSaver({
      shelf: memoryShelf<Draft>(),
      save: ({ answer }) => {
        order.push(String(answer.a));
        return new Promise<void>((resolve) => ends.push(resolve));
      },
      later: () => () => undefined,
    });
    saver.edit(draft("1"));
    void saver.flush();
    saver.edit(draft("12"));
    let isDelivered = false;
    const delivery = saver.deliver("a1").then(() => {
      isDelivered = true;
    });
    await settled();
    expect(order).toEqual(["1"]);
    expect(isDelivered).toBe(false);
    ends[0]?.();
    await settled();
    expect(order).toEqual(["1", "12"]);
    expect(isDelivered).toBe(false);
    ends[1]?.();
    await delivery;
  });
});
