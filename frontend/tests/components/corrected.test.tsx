import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "../../src/api/calls";
import { ApiFailure } from "../../src/api/failure";
import type { FeltCorrection, RegradeRequest, Review } from "../../src/api/types";
import { AnotherLook } from "../../src/components/AnotherLook";
import { CorrectedBox, CorrectedNote, CorrectedNotices } from "../../src/components/Corrected";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const show = (element: preact.VNode) => act(() => render(element, root));
const settled = () => act(async () => void (await Promise.resolve()));
const words = () => (root.textContent ?? "").replace(/\s+/g, " ");

const AT = "2026-11-23T10:00:00Z";

const correction = (more: Partial<FeltCorrection> = {}): FeltCorrection => ({
  at: AT,
  kind: "key",
  words: "The right answer of a question was corrected.",
  reason: "The sign was wrong.",
  from: 0.6,
  to: 0.8,
  kept: false,
  by: "your instructor",
  ...more,
});

const review = (more: Partial<Review> = {}): Review => ({
  attempt: "a1",
  released: true,
  is_own: true,
  grade: null,
  corrections: [correction()],
  decisions: [],
  presentations: [],
  ...more,
});

describe("a corrected result", () => {
  it("says from what to what, why, by whom and when, and is seen by that", () => {
    const seen = vi.spyOn(api, "sawCorrections").mockResolvedValue(undefined);
    show(<CorrectedBox attempt="a1" review={review()} />);
    expect(root.querySelector("h2")?.textContent).toBe("Your result was corrected");
    expect(words()).toContain("60% → 80%");
    expect(words()).toContain("The sign was wrong.");
    expect(words()).toContain("your instructor, 23 November 2026");
    expect(root.querySelector(".visually-hidden")?.textContent).toBe("from 60% to 80%");
    expect(seen).toHaveBeenCalledExactlyOnceWith("a1");
  });

  it("of somebody else is not seen by looking at it", () => {
    const seen = vi.spyOn(api, "sawCorrections");
    show(<CorrectedBox attempt="a1" review={review({ is_own: false })} />);
    expect(root.querySelector("h2")?.textContent).toBe("This result was corrected");
    expect(seen).not.toHaveBeenCalled();
  });

  it("that stays says so", () => {
    vi.spyOn(api, "sawCorrections").mockResolvedValue(undefined);
    show(<CorrectedBox attempt="a1" review={review({ corrections: [correction({ kept: true })] })} />);
    expect(words()).toContain("It would have lowered your result: the result stays.");
    expect(words()).not.toContain("→");
  });

  it("shows a score by hand with its reason", () => {
    const decision = {
      at: AT,
      kind: "score",
      words: "A score was given by hand.",
      reason: "You explained it.",
      by: "your instructor",
      position: 2,
      score: 0.5,
      until: null,
    } as const;
    show(<CorrectedBox attempt="a1" review={review({ corrections: [], decisions: [decision] })} />);
    expect(words()).toContain("A score was given by hand. 50% for question 2");
    expect(words()).toContain("You explained it.");
  });

  it("is no news where nothing happened", () => {
    show(<CorrectedBox attempt="a1" review={review({ corrections: [] })} />);
    expect(words()).toBe("");
  });
});

describe("a corrected answer", () => {
  const corrected = { at: AT, words: "", reason: "The sign was wrong.", from: 0, to: 1, was_told: true };

  it("says what was told and what it is now", () => {
    show(<CorrectedNote corrected={corrected} />);
    expect(words()).toContain("You were told that this is not right. Now it counts as right.");
    expect(words()).toContain("The sign was wrong.");
  });

  it("says where a question does not count, and where nothing was told", () => {
    show(<CorrectedNote corrected={{ ...corrected, from: 0.5, to: null, was_told: false }} />);
    expect(words()).toContain("This was graded as 50% right. Now this question does not count.");
  });
});

describe("the notices of corrected results", () => {
  it("lead to each result", () => {
    const notice = {
      attempt: "a1",
      assessment: { slug: "quiz", title: "A quiz" },
      at: AT,
      from: 0.6,
      to: null,
    };
    show(<CorrectedNotices notices={[notice]} />);
    expect(words()).toContain("Your result in A quiz was corrected: 60% → nothing counts");
    expect(root.querySelector("a")?.getAttribute("href")).toBe("/attempts/a1/result");
  });
});

describe("another look", () => {
  const verdict = { id: "r1" } as never;
  const entry = { position: 3, verdict, may_ask: true, request: null };
  const asked: RegradeRequest = {
    state: "open",
    text: "I meant this.",
    asked_at: AT,
    reply: "",
    closed_at: null,
  };
  const button = (name: string) =>
    [...root.querySelectorAll("button")].find((one) =>
      one.textContent?.startsWith(name),
    ) as HTMLButtonElement;
  const write = () => {
    act(() => button("Ask for another look").click());
    const field = root.querySelector("textarea") as HTMLTextAreaElement;
    field.value = "I meant this.";
    return field;
  };

  it("is asked for in a small form, and then says what becomes of it", async () => {
    const ask = vi.spyOn(api, "askForAnotherLook").mockResolvedValue(asked);
    show(<AnotherLook attempt="a1" entry={entry} />);
    const field = write();
    expect(document.activeElement).toBe(field);
    act(() => button("Send").click());
    await settled();
    expect(ask).toHaveBeenCalledExactlyOnceWith("a1", "r1", "I meant this.");
    expect(words()).toContain("You asked for another look. Sent on 23 November 2026.");
    expect(document.activeElement?.getAttribute("role")).toBe("status");
  });

  it("that was refused keeps what was written and says why", async () => {
    const failure = new ApiFailure(409, [{ code: "request_refused", detail: "Not yet.", attr: null }], null);
    vi.spyOn(api, "askForAnotherLook").mockRejectedValue(failure);
    show(<AnotherLook attempt="a1" entry={entry} />);
    const field = write();
    act(() => button("Send").click());
    await settled();
    expect(words()).toContain("Not yet.");
    expect(field.value).toBe("I meant this.");
  });

  it("that is canceled gives the focus back", () => {
    show(<AnotherLook attempt="a1" entry={entry} />);
    write();
    act(() => button("Cancel").click());
    expect(document.activeElement).toBe(button("Ask for another look"));
  });

  it("was answered with a reply", () => {
    const request: RegradeRequest = { ...asked, state: "closed", reply: "You are right.", closed_at: AT };
    show(<AnotherLook attempt="a1" entry={{ ...entry, may_ask: false, request }} />);
    expect(words()).toContain("Your answer was looked at again.");
    expect(words()).toContain("Reply: You are right.");
  });

  it("is not offered where it cannot be asked for", () => {
    show(<AnotherLook attempt="a1" entry={{ ...entry, may_ask: false }} />);
    expect(words()).toBe("");
  });
});
