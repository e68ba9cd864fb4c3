import { describe, expect, it } from "vitest";
import type { CourseEntry } from "../../src/api/types";
import { differsHere, momentIn, zoneWords } from "../../src/components/dates";
import { factsOf } from "../../src/views/Course";

const NOON = "2026-12-01T12:00:00Z";
const FUTURE = "2999-12-01T12:00:00Z";
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const ENTRY: CourseEntry = {
  assessment: { slug: "quiz", title: "The quiz" },
  assignment: "1",
  opens_at: null,
  closes_at: null,
  time_limit_minutes: null,
  state: "open",
  attempts_left: null,
  open_attempt: null,
  last_attempt: null,
  score: null,
};

const facts = (changes: Partial<CourseEntry>) => factsOf({ ...ENTRY, ...changes }, "Europe/Berlin");

describe("the dates of a course", () => {
  it("are those of its clock", () => {
    expect(momentIn(NOON, "Europe/Berlin")).toBe("Tue, 1 Dec 2026, 13:00");
    expect(momentIn(NOON, "Asia/Tokyo")).toBe("Tue, 1 Dec 2026, 21:00");
  });

  it("are those of the browser where it does not know the clock", () => {
    expect(momentIn(NOON, "Europe/Atlantis")).toBe(momentIn(NOON, HERE));
  });

  it("are told apart from the browser's own only where they differ", () => {
    expect(differsHere([null, NOON], HERE)).toBe(false);
    expect(differsHere([NOON], "Pacific/Kiritimati")).toBe(true);
    expect(differsHere([], "Pacific/Kiritimati")).toBe(false);
    expect(zoneWords("America/New_York")).toBe("America/New York");
  });
});

describe("what is said of an assignment", () => {
  it("has its closing, its time and its attempts while it is open", () => {
    expect(facts({ closes_at: FUTURE, time_limit_minutes: 45, attempts_left: 1 })).toEqual([
      "Closes Sun, 1 Dec 2999, 13:00",
      "45 minutes",
      "1 attempt left",
    ]);
  });

  it("has its opening before it opens", () => {
    expect(facts({ state: "not_open", opens_at: FUTURE })[0]).toMatch(/^Opens /);
  });

  it("is only that it has closed when it has", () => {
    const closed = { closes_at: "2020-01-01T00:00:00Z", time_limit_minutes: 45, attempts_left: 1 };
    expect(facts({ ...closed, state: "missing" })).toEqual(["Closed Wed, 1 Jan 2020, 01:00"]);
  });

  it("says that a result is still to come", () => {
    expect(facts({ state: "done", last_attempt: "7" })).toEqual(["The result is shown later"]);
    expect(facts({ state: "done", last_attempt: "7", score: 0.5 })).toEqual([]);
  });
});
