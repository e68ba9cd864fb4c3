import { beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "../../src/api/calls";
import { ApiFailure } from "../../src/api/failure";
import type { Variant, Verdict } from "../../src/api/types";
import { Practice } from "../../src/state/practice";
import { me } from "../../src/state/session";
import { shelf } from "../../src/state/storage";

vi.mock("../../src/api/calls");

const variant = (token: string) =>
  ({
    token,
    title: "Double it",
    body: "",
    interactions: [{ id: "a", kind: "numeric", shape: [], unit: null }],
    figures: [],
    hints: [],
    hints_available: 1,
    exercise: { slug: "double-it", title: "Double it", is_drawn: true },
    lesson: null,
    following: null,
  }) as unknown as Variant;

const verdict = (correct: boolean) => ({ valid: true, correct, solution: null, right: null }) as Verdict;

const refusal = (status: number, attr: string | null) =>
  new ApiFailure(status, [{ code: "expired_token", detail: "Too old.", attr }], null);

const SOLVED = { solution: "<p>Twice.</p>", right: { a: "4" }, last: null };
const HOUR = 3_600_000;

let now = 0;
const kept = () => shelf<never>(localStorage, "practice", (stored) => stored as never);
const practice = () => new Practice("double-it", kept(), () => now);

beforeEach(() => {
  localStorage.clear();
  vi.clearAllMocks();
  now = 0;
  me.value = { id: "ann", username: null, email: null, is_guest: true, is_staff: false };
  let drawn = 0;
  vi.mocked(api.drawVariant).mockImplementation(() => Promise.resolve(variant(`token-${++drawn}`)));
});

describe("a variant of practice", () => {
  it("can be tried again until it is right", async () => {
    const one = practice();
    await one.begin();
    vi.mocked(api.checkVariant).mockResolvedValueOnce(verdict(false));
    await one.check({ a: "3" });
    expect([one.isOver.value, one.wasWrong.value]).toEqual([false, true]);
    vi.mocked(api.checkVariant).mockResolvedValueOnce(verdict(true));
    await one.check({ a: "4" });
    expect([one.isOver.value, one.streak.value]).toEqual([true, 0]);
  });

  it("is over once its solution was asked for", async () => {
    const one = practice();
    await one.begin();
    vi.mocked(api.showVariantSolution).mockResolvedValueOnce(SOLVED);
    await one.showSolution();
    expect(one.isOver.value).toBe(true);
    await one.check({ a: "4" });
    expect(api.checkVariant).not.toHaveBeenCalled();
  });

  it("tells more of the last answer with the solution", async () => {
    const one = practice();
    await one.begin();
    vi.mocked(api.checkVariant).mockResolvedValueOnce(verdict(false));
    await one.check({ a: "3" });
    const interactions = { a: { compared: "It is too small." } as Verdict["interactions"][string] };
    const more = { ...verdict(false), interactions, solution: "<p>Twice.</p>", right: { a: "4" } };
    const last = { answer: { a: "3" }, pending: false, verdict: more };
    vi.mocked(api.showVariantSolution).mockResolvedValueOnce({ ...SOLVED, last });
    await one.showSolution();
    expect(one.verdict.value).toEqual({ ...more, solution: null, right: null });
    expect(one.checked.value).toEqual({ a: "3" });
  });

  it("survives a reload with what was typed, said and shown", async () => {
    const before = practice();
    await before.begin();
    vi.mocked(api.checkVariant).mockResolvedValueOnce(verdict(false));
    await before.check({ a: "3" });
    before.change("a", "3.5");
    const after = practice();
    await after.begin();
    expect(after.variant.value?.token).toBe("token-1");
    expect(after.answer.value).toEqual({ a: "3.5" });
    expect([after.verdict.value?.correct, after.checked.value]).toEqual([false, { a: "3" }]);
    expect(api.drawVariant).toHaveBeenCalledTimes(1);
  });

  it("does not count for a streak after a reload in the middle", async () => {
    const before = practice();
    await before.begin();
    vi.mocked(api.checkVariant).mockResolvedValueOnce(verdict(false));
    await before.check({ a: "3" });
    const after = practice();
    await after.begin();
    vi.mocked(api.checkVariant).mockResolvedValueOnce(verdict(true));
    await after.check({ a: "4" });
    expect(after.streak.value).toBe(0);
  });

  it.each([
    [
      "is old",
      () => {
        now = 13 * HOUR;
      },
    ],
    [
      "is another learner's",
      () => {
        me.value = { id: "bob", username: "bob", email: null, is_guest: false, is_staff: false };
      },
    ],
    ["is none of ours", () => localStorage.setItem("assay.practice.double-it", '{"variant": {}}')],
  ])("is drawn anew where the one that was kept %s", async (_, change) => {
    await practice().begin();
    change();
    const after = practice();
    await after.begin();
    expect(after.variant.value?.token).toBe("token-2");
  });

  it.each([refusal(400, "token"), refusal(404, null)])(
    "is let go when the server does not know it",
    async (failure) => {
      const before = practice();
      await before.begin();
      vi.mocked(api.checkVariant).mockRejectedValueOnce(failure);
      await before.check({ a: "3" });
      expect(before.failure.value).toBe(failure);
      const after = practice();
      await after.begin();
      expect(after.variant.value?.token).toBe("token-2");
    },
  );

  it("stays where the connection is lost", async () => {
    const before = practice();
    await before.begin();
    before.change("a", "3");
    vi.mocked(api.checkVariant).mockRejectedValueOnce(new Error("lost"));
    await before.check({ a: "3" });
    const after = practice();
    await after.begin();
    expect(after.answer.value).toEqual({ a: "3" });
  });
});
