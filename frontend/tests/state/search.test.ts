import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LessonSummary } from "../../src/api/types";
import { QUIET, TextSearch } from "../../src/state/search";

const hit = (slug: string): LessonSummary =>
  ({ slug, excerpt: { section: 1, heading: "A", text: "a word", matches: [[2, 6]] } }) as LessonSummary;

const slugs = (search: TextSearch) => [...search.found.value.excerpts.keys()];

describe("a search while one types", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks once, when the keys are quiet", async () => {
    const find = vi.fn(async (words: string) => [hit(words)]);
    const search = new TextSearch(find);
    for (const text of ["la", "las", "lasso "]) search.type(text);
    expect(search.isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(QUIET);
    expect(find.mock.calls).toEqual([["lasso"]]);
    expect(slugs(search)).toEqual(["lasso"]);
    expect(search.isSettled).toBe(true);
  });

  it("begins with the words of an address", async () => {
    const search = new TextSearch(async (words) => [hit(words)], "lasso");
    expect(search.words.value).toBe("lasso");
    expect(search.isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(QUIET);
    expect(slugs(search)).toEqual(["lasso"]);
  });

  it("keeps what it found until the next answer is there", async () => {
    const search = new TextSearch(async (words) => [hit(words)]);
    search.type("ridge");
    await vi.advanceTimersByTimeAsync(QUIET);
    search.type("ridges");
    expect(slugs(search)).toEqual(["ridge"]);
    await vi.advanceTimersByTimeAsync(QUIET);
    expect(slugs(search)).toEqual(["ridges"]);
  });

  it("drops an answer that comes after the next question", async () => {
    const answers: ((found: LessonSummary[]) => void)[] = [];
    const search = new TextSearch(() => new Promise((resolve) => answers.push(resolve)));
    search.type("lasso");
    await vi.advanceTimersByTimeAsync(QUIET);
    search.type("ridge");
    await vi.advanceTimersByTimeAsync(QUIET);
    answers[1]?.([hit("new")]);
    answers[0]?.([hit("old")]);
    await vi.advanceTimersByTimeAsync(0);
    expect(slugs(search)).toEqual(["new"]);
  });

  it("says that the texts could not be searched", async () => {
    const search = new TextSearch(() => Promise.reject(new Error("gone")));
    search.type("lasso");
    await vi.advanceTimersByTimeAsync(QUIET);
    expect(search.found.value.hasFailed).toBe(true);
    search.type("");
    expect(search.found.value).toMatchObject({ words: "", hasFailed: false });
  });
});
