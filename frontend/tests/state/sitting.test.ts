import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Assessment, Attempt, Presentation, Reply } from "../../src/api/types";
import { serverClock } from "../../src/state/clock";
import { drafts } from "../../src/state/drafts";
import { onGraded, PAUSE } from "../../src/state/grading";
import { Practice } from "../../src/state/practice";
import { me } from "../../src/state/session";
import { Sitting } from "../../src/state/sitting";

const presentation = (position: number, more: Partial<Presentation> = {}) =>
  ({
    attempt: "a1",
    position,
    section: "",
    state: "open",
    tries_left: 2,
    answers: 0,
    draft: null,
    why: null,
    hints: [],
    hints_available: 2,
    interactions: [],
    ...more,
  }) as unknown as Presentation;

const entry = (position: number) => ({
  position,
  section: "",
  state: "open" as const,
  tries_left: 2,
  score: null,
  max_score: 1,
});

const attempt = (positions: number[], more: Partial<Attempt> = {}) =>
  ({
    id: "a1",
    assessment: "quiz",
    state: "open",
    deadline: null,
    score: 0,
    max_score: 2,
    mastery: null,
    presentations: positions.map(entry),
    ...more,
  }) as Attempt;

const reply = (position: number, more: Partial<Reply> = {}) =>
  ({
    id: "r1",
    position,
    try: 1,
    valid: true,
    score: 1,
    standing: 1,
    max_score: 1,
    correct: true,
    interactions: {},
    feedback: null,
    solution: null,
    right: null,
    place: { state: "answered", tries_left: 0, answers: 1 },
    attempt: { state: "open", score: 1, max_score: 2 },
    next: null,
    ...more,
  }) satisfies Reply;

/** What an adaptive attempt says of an answer while it is open. */
const UNTOLD = { correct: null, score: null, standing: null } satisfies Partial<Reply>;
const MASTERY = { criterion: "probability", ended_by: null, skills: [] } satisfies Attempt["mastery"];
const WRONG_ONCE = { state: "open", tries_left: 1, answers: 1 } satisfies Reply["place"];

interface Sent {
  call: string;
  body: unknown;
}

/** A server that gives to each call the first of its replies that is left, and then the last one again. */
function serve(replies: Record<string, unknown[]>) {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1/", "");
    const call = `${request.method} ${path.replace("attempts/a1/", "")}`;
    const text = await request.text();
    sent.push({ call, body: text ? JSON.parse(text) : null });
    const left = replies[call] ?? [];
    const found = left.length > 1 ? left.shift() : left[0];
    if (found === undefined) throw new Error(`Nobody expected ${call}.`);
    if (found === null) return new Response(null, { status: 204 });
    return found instanceof Response ? found.clone() : Response.json(found);
  });
  return { sent, calls: () => sent.map(({ call }) => call) };
}

const refusal = (status: number, code: string) =>
  Response.json({ type: "client_error", errors: [{ code, detail: "No.", attr: null }] }, { status });

/** A sitting whose first item is open, and what is asked of the server from then on. */
async function begun(mode: Assessment["mode"], first: Attempt, replies: Record<string, unknown[]>) {
  const { sent, calls } = serve({
    "GET ": [first],
    "GET assessments/quiz/": [{ slug: "quiz", mode }],
    "GET next/": [presentation(1)],
    ...replies,
  });
  const sitting = new Sitting("a1");
  await sitting.begin(null);
  sent.length = 0;
  return { sitting, sent, calls };
}

beforeEach(() => {
  me.value = { id: "l1", username: "ann", email: null, is_guest: false, is_staff: false };
});
afterEach(() => {
  drafts.release();
  localStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  me.value = null;
});

const ANSWER_1 = "POST presentations/1/responses/";

describe("an answer", () => {
  it("is one request, whose reply says where the place and the attempt stand", async () => {
    const { sitting, sent, calls } = await begun("fixed", attempt([1, 2]), { [ANSWER_1]: [reply(1)] });
    await sitting.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1]);
    expect(sent[0]?.body).toEqual({ answer: { a: "7" }, seconds: expect.any(Number) });
    expect(sitting.verdict.value?.correct).toBe(true);
    expect(sitting.judged.value).toEqual({ a: "7" });
    expect(sitting.presentation.value).toMatchObject({ state: "answered", tries_left: 0, answers: 1 });
    expect(sitting.attempt.value).toMatchObject({ score: 1, state: "open" });
    expect(sitting.entries.value[0]).toMatchObject({ state: "answered", tries_left: 0, score: 1 });
    expect(sitting.unanswered.value.map(({ position }) => position)).toEqual([2]);
  });

  it("leaves the item open while tries are left, and the next one is one request as well", async () => {
    const wrong = reply(1, { correct: false, score: 0, standing: 0, place: WRONG_ONCE });
    const { sitting, calls } = await begun("fixed", attempt([1, 2]), { [ANSWER_1]: [wrong, reply(1)] });
    await sitting.respond({ a: "6" });
    expect(sitting.takesAnswer.value).toBe(true);
    expect(sitting.presentation.value?.tries_left).toBe(1);
    await sitting.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1, ANSWER_1]);
    expect(sitting.takesAnswer.value).toBe(false);
  });

  it("that is refused has what stands there fetched", async () => {
    const { sitting, calls } = await begun("fixed", attempt([1, 2]), {
      [ANSWER_1]: [refusal(409, "presentation_settled")],
      "GET presentations/1/": [presentation(1, { state: "answered", tries_left: 0, answers: 1 })],
    });
    await sitting.respond({ a: "7" });
    expect(calls()).toContain("GET presentations/1/");
    expect(sitting.failure.value).toMatchObject({ code: "presentation_settled" });
    expect(sitting.takesAnswer.value).toBe(false);
  });
});

describe("a page that is opened again", () => {
  const SAID = { answer: { a: "6" }, pending: false, verdict: reply(7, { correct: false }) };
  const opened = (more: Partial<Presentation>) =>
    begun("fixed", attempt([7]), {
      "GET next/": [presentation(7, { answers: 1, last: SAID, ...more })],
    });

  it("shows what was answered last, and what was said of it", async () => {
    const { sitting } = await opened({});
    expect(sitting.answer.value).toEqual({ a: "6" });
    expect(sitting.verdict.value?.correct).toBe(false);
    expect(sitting.judged.value).toEqual({ a: "6" });
  });

  it("shows what was typed since instead, which nobody has judged", async () => {
    const { sitting } = await opened({ draft: { a: "7" } });
    expect(sitting.answer.value).toEqual({ a: "7" });
    expect(sitting.verdict.value).toBeNull();
  });

  it("says of an answer that waits to be graded no more than that", async () => {
    const { sitting } = await opened({ last: { answer: { a: "6" }, pending: true, verdict: null } });
    expect([sitting.answer.value, sitting.verdict.value]).toEqual([{ a: "6" }, null]);
  });
});

describe("an attempt that grows", () => {
  it("goes on by itself to what the reply brings where nothing is told", async () => {
    const untold = reply(1, { ...UNTOLD, next: presentation(2) });
    const { sitting, calls } = await begun("adaptive", attempt([1]), { [ANSWER_1]: [untold] });
    await sitting.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1]);
    expect(sitting.presentation.value?.position).toBe(2);
    expect(sitting.verdict.value).toBeNull();
    expect(sitting.entries.value.map(({ position }) => position)).toEqual([1, 2]);
  });

  it("waits with the next item until the verdict is read, and then shows it without a request", async () => {
    const { sitting, calls } = await begun("mastery", attempt([1]), {
      [ANSWER_1]: [reply(1, { next: presentation(2) })],
    });
    await sitting.respond({ a: "7" });
    expect(sitting.presentation.value?.position).toBe(1);
    expect(sitting.verdict.value?.correct).toBe(true);
    await sitting.goOn();
    expect(calls()).toEqual([ANSWER_1]);
    expect(sitting.presentation.value?.position).toBe(2);
  });

  it("fetches how the skills stand, once an item is through", async () => {
    const standing = attempt([1, 2], { mastery: { ...MASTERY, ended_by: "length" } });
    const wrong = reply(1, { correct: false, place: WRONG_ONCE });
    const { sitting, calls } = await begun("mastery", attempt([1], { mastery: MASTERY }), {
      [ANSWER_1]: [wrong, reply(1, { next: presentation(2) })],
      "GET ": [attempt([1], { mastery: MASTERY }), standing],
    });
    await sitting.respond({ a: "6" });
    expect(calls()).toEqual([ANSWER_1]);
    await sitting.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1, ANSWER_1, "GET "]);
    expect(sitting.attempt.value?.mastery).toEqual(standing.mastery);
  });

  it("that has ended keeps its last verdict until it is read", async () => {
    const last = reply(1, { attempt: { state: "submitted", score: 2, max_score: 2 } });
    const { sitting, calls } = await begun("mastery", attempt([1]), { [ANSWER_1]: [last] });
    await sitting.respond({ a: "7" });
    expect(sitting.attempt.value?.state).toBe("open");
    await sitting.goOn();
    expect(sitting.attempt.value).toMatchObject({ state: "submitted", score: 2 });
    expect(calls()).toEqual([ANSWER_1]);
  });

  it("that has ended with nothing to read is over at once", async () => {
    const last = reply(1, { ...UNTOLD, attempt: { state: "submitted", score: null, max_score: 100 } });
    const { sitting, calls } = await begun("adaptive", attempt([1]), { [ANSWER_1]: [last] });
    await sitting.respond({ a: "7" });
    expect(sitting.attempt.value?.state).toBe("submitted");
    expect(calls()).toEqual([ANSWER_1]);
  });

  it("has its next item drawn where the reply could not bring one", async () => {
    const { sitting, calls } = await begun("adaptive", attempt([1]), {
      [ANSWER_1]: [reply(1, UNTOLD)],
      "GET next/": [presentation(1), null],
      "POST next/": [presentation(2)],
      "GET ": [attempt([1]), attempt([1, 2])],
    });
    await sitting.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1, "GET next/", "POST next/", "GET "]);
    expect(sitting.presentation.value?.position).toBe(2);
  });
});

describe("a draft", () => {
  const DRAFT_1 = "PUT presentations/1/draft/";

  it("says how many answers it was typed after", async () => {
    const wrong = reply(1, { correct: false, place: WRONG_ONCE });
    const { sitting, sent } = await begun("fixed", attempt([1, 2]), {
      [ANSWER_1]: [wrong],
      [DRAFT_1]: [{ saved_at: "now" }],
    });
    await sitting.respond({ a: "6" });
    sitting.change("a", "7");
    await drafts.flush();
    expect(sent.at(-1)).toEqual({ call: DRAFT_1, body: { answer: { a: "7" }, after: 1 } });
  });

  it("that an answer from elsewhere has overtaken is dropped, and the field keeps its text", async () => {
    const { sitting, sent } = await begun("fixed", attempt([1, 2]), {
      [DRAFT_1]: [refusal(409, "draft_stale"), { saved_at: "now" }],
      "GET presentations/1/": [presentation(1, { tries_left: 1, answers: 1 })],
    });
    sitting.change("a", "7");
    await drafts.flush();
    await sitting.catchUp();
    expect(sitting.answer.value).toEqual({ a: "7" });
    expect(sitting.failure.value).toBeNull();
    expect(drafts.leftIn("a1")).toEqual([]);
    sitting.change("a", "78");
    await drafts.flush();
    expect(sent.at(-1)?.body).toEqual({ answer: { a: "78" }, after: 1 });
  });
});

describe("a hint", () => {
  it("is asked for by its number, so that a lost reply does not cost a second one", async () => {
    const HINTS_1 = "POST presentations/1/hints/";
    const { sitting, sent } = await begun("fixed", attempt([1]), {
      [HINTS_1]: [Response.error(), { hints: ["One."], hints_available: 2 }],
    });
    await expect(sitting.takeHint()).rejects.toThrow();
    await sitting.takeHint();
    await sitting.takeHint();
    expect(sent.map(({ body }) => body)).toEqual([{ number: 1 }, { number: 1 }, { number: 2 }]);
  });

  it("of a variant has its number too", async () => {
    const { sent } = serve({
      "POST exercises/slope/variants/": [{ token: "t", hints: [], hints_available: 2 }],
      "POST exercises/slope/hints/": [{ hints: ["One."], hints_available: 2 }],
    });
    const practice = new Practice("slope");
    await practice.draw();
    await practice.takeHint();
    await practice.takeHint();
    expect(sent.slice(1).map(({ body }) => body)).toEqual([
      { token: "t", number: 1 },
      { token: "t", number: 2 },
    ]);
  });
});

describe("the end of the time", () => {
  const PAST = new Date(0).toISOString();

  it("is told to the server as soon as its clock agrees", async () => {
    vi.spyOn(serverClock, "now").mockReturnValue(Date.parse(PAST) + 1);
    const { sitting, calls } = await begun("fixed", attempt([1], { deadline: PAST }), {
      "GET ": [attempt([1], { deadline: PAST }), attempt([1], { deadline: PAST, state: "grading" })],
      "POST submit/": [attempt([1], { deadline: PAST, state: "expired" })],
    });
    await sitting.close();
    expect(calls()).toEqual(["GET ", "POST submit/"]);
    expect(sitting.attempt.value?.state).toBe("expired");
  });

  it("is waited for at most every five seconds where nobody ended it, until it is graded", async () => {
    vi.useFakeTimers();
    const grading = attempt([1], { state: "grading" });
    const { calls } = serve({ "GET ": [grading, refusal(503, "error"), attempt([1], { state: "expired" })] });
    const graded = vi.fn();
    onGraded("a1", graded);
    await vi.advanceTimersByTimeAsync(PAUSE - 1);
    expect(calls()).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * PAUSE + 1);
    expect(calls()).toHaveLength(3);
    expect(graded).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(10 * PAUSE);
    expect(calls()).toHaveLength(3);
  });

  it("is not asked about any more once the screen is left", async () => {
    vi.useFakeTimers();
    const { calls } = serve({ "GET ": [attempt([1], { state: "grading" })] });
    onGraded("a1", vi.fn())();
    await vi.advanceTimersByTimeAsync(10 * PAUSE);
    expect(calls()).toEqual([]);
  });
});
