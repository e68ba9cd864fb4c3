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
    last: null,
    revealed: null,
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
    conditions: { layout: "one_question", tools: [], solution_on_request: false },
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
    await sitting.place.value?.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1]);
    expect(sent[0]?.body).toEqual({ answer: { a: "7" }, seconds: expect.any(Number) });
    expect(sitting.place.value?.verdict.value?.correct).toBe(true);
    expect(sitting.place.value?.judged.value).toEqual({ a: "7" });
    expect(sitting.place.value?.presentation.value).toMatchObject({
      state: "answered",
      tries_left: 0,
      answers: 1,
    });
    expect(sitting.attempt.value).toMatchObject({ score: 1, state: "open" });
    expect(sitting.entries.value[0]).toMatchObject({ state: "answered", tries_left: 0, score: 1 });
    expect(sitting.unanswered.value.map(({ position }) => position)).toEqual([2]);
  });

  it("leaves the item open while tries are left, and the next one is one request as well", async () => {
    const wrong = reply(1, { correct: false, score: 0, standing: 0, place: WRONG_ONCE });
    const { sitting, calls } = await begun("fixed", attempt([1, 2]), { [ANSWER_1]: [wrong, reply(1)] });
    await sitting.place.value?.respond({ a: "6" });
    expect(sitting.place.value?.takesAnswer.value).toBe(true);
    expect(sitting.place.value?.presentation.value.tries_left).toBe(1);
    await sitting.place.value?.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1, ANSWER_1]);
    expect(sitting.place.value?.takesAnswer.value).toBe(false);
  });

  it("that is refused has what stands there fetched", async () => {
    const { sitting, calls } = await begun("fixed", attempt([1, 2]), {
      [ANSWER_1]: [refusal(409, "presentation_settled")],
      "GET presentations/1/": [presentation(1, { state: "answered", tries_left: 0, answers: 1 })],
    });
    await sitting.place.value?.respond({ a: "7" });
    expect(calls()).toContain("GET presentations/1/");
    expect(sitting.place.value?.failure.value).toMatchObject({ code: "presentation_settled" });
    expect(sitting.place.value?.takesAnswer.value).toBe(false);
  });
});

describe("what is wanted last", () => {
  it("is what is shown, however late the reply to an earlier wish arrives", async () => {
    const { sitting } = await begun("fixed", attempt([1, 2, 3]), {
      "GET presentations/2/": [presentation(2)],
      "GET presentations/3/": [presentation(3)],
    });
    const answered = globalThis.fetch;
    let arrive = () => {};
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    vi.stubGlobal("fetch", async (request: Request) => {
      if (request.url.includes("presentations/2/")) await late;
      return answered(request);
    });
    const earlier = sitting.open(2);
    await sitting.open(3);
    arrive();
    await earlier;
    expect(sitting.place.value?.position).toBe(3);
  });

  it("is not undone by taking over from another tab", async () => {
    const { sitting } = await begun("fixed", attempt([1, 2]), {
      "GET presentations/1/": [presentation(1)],
      "GET presentations/2/": [presentation(2)],
    });
    const taking = sitting.begin(1);
    await sitting.open(2);
    await taking;
    expect(sitting.place.value?.position).toBe(2);
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
    expect(sitting.place.value?.answer.value).toEqual({ a: "6" });
    expect(sitting.place.value?.verdict.value?.correct).toBe(false);
    expect(sitting.place.value?.judged.value).toEqual({ a: "6" });
  });

  it("shows what was typed since instead, which nobody has judged", async () => {
    const { sitting } = await opened({ draft: { a: "7" } });
    expect(sitting.place.value?.answer.value).toEqual({ a: "7" });
    expect(sitting.place.value?.verdict.value).toBeNull();
  });

  it("says of an answer that waits to be graded no more than that", async () => {
    const { sitting } = await opened({ last: { answer: { a: "6" }, pending: true, verdict: null } });
    expect([sitting.place.value?.answer.value, sitting.place.value?.verdict.value]).toEqual([
      { a: "6" },
      null,
    ]);
  });
});

describe("an attempt that grows", () => {
  it("goes on by itself to what the reply brings where nothing is told", async () => {
    const untold = reply(1, { ...UNTOLD, next: presentation(2) });
    const { sitting, calls } = await begun("adaptive", attempt([1]), { [ANSWER_1]: [untold] });
    await sitting.place.value?.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1]);
    expect(sitting.place.value?.presentation.value.position).toBe(2);
    expect(sitting.place.value?.verdict.value).toBeNull();
    expect(sitting.entries.value.map(({ position }) => position)).toEqual([1, 2]);
  });

  it("waits with the next item until the verdict is read, and then shows it without a request", async () => {
    const { sitting, calls } = await begun("mastery", attempt([1]), {
      [ANSWER_1]: [reply(1, { next: presentation(2) })],
    });
    await sitting.place.value?.respond({ a: "7" });
    expect(sitting.place.value?.presentation.value.position).toBe(1);
    expect(sitting.place.value?.verdict.value?.correct).toBe(true);
    await sitting.goOn();
    expect(calls()).toEqual([ANSWER_1]);
    expect(sitting.place.value?.presentation.value.position).toBe(2);
  });

  it("fetches how the skills stand, once an item is through", async () => {
    const standing = attempt([1, 2], { mastery: { ...MASTERY, ended_by: "length" } });
    const wrong = reply(1, { correct: false, place: WRONG_ONCE });
    const { sitting, calls } = await begun("mastery", attempt([1], { mastery: MASTERY }), {
      [ANSWER_1]: [wrong, reply(1, { next: presentation(2) })],
      "GET ": [attempt([1], { mastery: MASTERY }), standing],
    });
    await sitting.place.value?.respond({ a: "6" });
    expect(calls()).toEqual([ANSWER_1]);
    await sitting.place.value?.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1, ANSWER_1, "GET "]);
    expect(sitting.attempt.value?.mastery).toEqual(standing.mastery);
  });

  it("that has ended keeps its last verdict until it is read", async () => {
    const last = reply(1, { attempt: { state: "submitted", score: 2, max_score: 2 } });
    const { sitting, calls } = await begun("mastery", attempt([1]), { [ANSWER_1]: [last] });
    await sitting.place.value?.respond({ a: "7" });
    expect(sitting.attempt.value?.state).toBe("open");
    await sitting.goOn();
    expect(sitting.attempt.value).toMatchObject({ state: "submitted", score: 2 });
    expect(calls()).toEqual([ANSWER_1]);
  });

  it("that has ended with nothing to read is over at once", async () => {
    const last = reply(1, { ...UNTOLD, attempt: { state: "submitted", score: null, max_score: 100 } });
    const { sitting, calls } = await begun("adaptive", attempt([1]), { [ANSWER_1]: [last] });
    await sitting.place.value?.respond({ a: "7" });
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
    await sitting.place.value?.respond({ a: "7" });
    expect(calls()).toEqual([ANSWER_1, "GET next/", "POST next/", "GET "]);
    expect(sitting.place.value?.presentation.value.position).toBe(2);
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
    await sitting.place.value?.respond({ a: "6" });
    sitting.place.value?.change("a", "7");
    await drafts.flush();
    expect(sent.at(-1)).toEqual({ call: DRAFT_1, body: { answer: { a: "7" }, after: 1 } });
  });

  it("that an answer from elsewhere has overtaken is dropped, and the field keeps its text", async () => {
    const { sitting, sent } = await begun("fixed", attempt([1, 2]), {
      [DRAFT_1]: [refusal(409, "draft_stale"), { saved_at: "now" }],
      "GET presentations/1/": [presentation(1, { tries_left: 1, answers: 1 })],
    });
    sitting.place.value?.change("a", "7");
    await drafts.flush();
    await sitting.place.value?.catchUp();
    expect(sitting.place.value?.answer.value).toEqual({ a: "7" });
    expect(sitting.place.value?.failure.value).toBeNull();
    expect(drafts.leftIn("a1")).toEqual([]);
    sitting.place.value?.change("a", "78");
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
    await expect(sitting.place.value?.takeHint()).rejects.toThrow();
    await sitting.place.value?.takeHint();
    await sitting.place.value?.takeHint();
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

describe("the solution on request", () => {
  const WRONG = {
    answer: { a: "6" },
    pending: false,
    verdict: reply(1, { correct: false, solution: "<p>7</p>" }),
  };
  const REVEALED = { solution: "<p>7</p>", right: { a: "7" } };

  it("closes the question, after what is typed has reached the server, and tells more of the last answer", async () => {
    const shown = presentation(1, { state: "answered", tries_left: 0, last: WRONG, revealed: REVEALED });
    const { sitting, calls } = await begun("fixed", attempt([1, 2]), {
      "PUT presentations/1/draft/": [{ saved_at: "now" }],
      "POST presentations/1/solution/": [shown],
    });
    const place = sitting.place.value;
    place?.change("a", "8");
    await place?.showSolution();
    expect(calls()).toEqual(["PUT presentations/1/draft/", "POST presentations/1/solution/"]);
    expect(place?.takesAnswer.value).toBe(false);
    expect(place?.presentation.value.revealed).toEqual(REVEALED);
    // It stands once on the screen.
    expect(place?.verdict.value).toMatchObject({ correct: false, solution: null, right: null });
    expect(place?.answer.value).toEqual({ a: "8" });
    expect(sitting.entries.value[0]).toMatchObject({ state: "answered", tries_left: 0, score: 0 });
    expect(drafts.leftIn("a1")).toEqual([]);
  });

  it("is there again when the page is opened again", async () => {
    const closed = { state: "answered", tries_left: 0, last: WRONG, revealed: REVEALED } as const;
    const { sitting } = await begun("fixed", attempt([1]), {
      "GET next/": [presentation(1, { ...closed, draft: { a: "8" } })],
    });
    expect(sitting.place.value?.verdict.value).toMatchObject({ correct: false, solution: null });
    expect(sitting.place.value?.answer.value).toEqual({ a: "6" });
  });

  it("that was refused leaves everything as it is", async () => {
    const { sitting } = await begun("fixed", attempt([1]), {
      "POST presentations/1/solution/": [refusal(409, "solution_withheld")],
    });
    await expect(sitting.place.value?.showSolution()).rejects.toMatchObject({ code: "solution_withheld" });
    expect(sitting.place.value?.takesAnswer.value).toBe(true);
  });
});

describe("all questions on one page", () => {
  const onePage = (positions: number[]) =>
    attempt(positions, {
      conditions: { layout: "one_page", tools: [], solution_on_request: false },
    });
  const every = (...more: Partial<Presentation>[]) => ({
    "GET presentations/": [more.map((one, index) => presentation(index + 1, one))],
  });

  it("come in one request, and each keeps its own text and verdict", async () => {
    const { sitting } = await begun("fixed", onePage([1, 2, 3]), {
      ...every({}, { draft: { a: "5" } }, {}),
      [ANSWER_1]: [reply(1, { correct: false })],
      "PUT presentations/3/draft/": [{ saved_at: "now" }],
    });
    const [first, second, third] = sitting.places.value;
    await first?.respond({ a: "6" });
    third?.change("a", "9");
    expect(first?.verdict.value?.correct).toBe(false);
    expect(second?.answer.value).toEqual({ a: "5" });
    expect([second?.verdict.value, third?.verdict.value]).toEqual([null, null]);
    await drafts.flush();
    expect([first, second, third].map((one) => one?.draftState.value)).toEqual([
      "untouched",
      "untouched",
      "saved",
    ]);
  });

  it("begin where the first one waits, and go on below", async () => {
    const first = onePage([1, 2, 3]);
    first.presentations[0] = { ...entry(1), state: "answered" } as Attempt["presentations"][0];
    const { sitting, calls } = await begun("fixed", first, every({}, {}, {}));
    expect(sitting.place.value?.position).toBe(2);
    await sitting.goOn();
    expect(sitting.place.value?.position).toBe(3);
    expect(sitting.wanted.value).toEqual({ position: 3 });
    // From the last one it goes back to the first that waits.
    await sitting.goOn();
    expect(sitting.place.value?.position).toBe(2);
    expect(calls()).toEqual([]);
  });

  it("are all handed in as they are on the screen", async () => {
    const { sitting, sent } = await begun("fixed", onePage([1, 2]), {
      ...every({ draft: { a: "5" } }, {}),
      "PUT presentations/1/draft/": [{ saved_at: "now" }],
      "PUT presentations/2/draft/": [{ saved_at: "now" }],
      "POST submit/": [attempt([1, 2], { state: "submitted" })],
    });
    sitting.places.value[1]?.change("a", "7");
    await sitting.submit();
    const texts = sent.map(({ call, body }) => [call, (body as { answer?: unknown } | null)?.answer]);
    expect(texts).toEqual([
      ["PUT presentations/2/draft/", { a: "7" }],
      ["PUT presentations/1/draft/", { a: "5" }],
      ["POST submit/", undefined],
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
