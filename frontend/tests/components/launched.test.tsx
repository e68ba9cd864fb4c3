import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { App } from "../../src/App";
import type { Launch, LinkGrades, PersonGrade, SentGrade } from "../../src/api/launch";
import { SentGrades } from "../../src/components/SentGrades";
import { navigate, place } from "../../src/router";
import { fetchScreen } from "../../src/routes";
import { launch } from "../../src/state/launch";
import { mayJoin, me } from "../../src/state/session";
import { signedOut } from "../../src/state/signed_out";
import { LaunchedGrades } from "../../src/views/LaunchedGrades";
import { Start } from "../../src/views/Start";
import { ADDRESS, arriveAt, LAUNCH, leave, refusal, serve } from "../launch";

const ANN = { id: "l1", username: null, email: null, is_guest: false, is_staff: true };
const OPEN = "POST /api/v1/launch/";
const ME = "GET /api/v1/me/";
const GRADES = "GET /api/v1/launch/grades/";
const OVER = "This page was opened from your course and its time is over. Open it again there";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  act(() => render(null, root));
  document.body.replaceChildren();
  vi.useRealTimers();
  leave();
});

const show = (element: preact.VNode) => act(() => render(element, root));
const words = (selector = "*") => root.querySelector(selector)?.textContent ?? "";
const button = (name: string) =>
  [...root.querySelectorAll("button")].filter((one) => one.textContent?.trim().startsWith(name));
/** Wait until this is so, while the app goes on. */
const until = (isSo: () => void) =>
  vi.waitFor(async () => {
    await act(() => new Promise<void>((resolve) => setTimeout(resolve)));
    isSo();
  });
const pass = (seconds: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(1000 * seconds);
  });
const path = () => place.value.pathname;

async function open(address: string) {
  for (const name of ["launched", "launchedGrades", "assessment", "result", "catalogue"] as const)
    await fetchScreen(name);
  arriveAt(address);
  await show(<App />);
}

/** Open the page with a code, and wait until the app is where that leads. */
async function launchTo(home: string) {
  await open(`${ADDRESS}#code-1`);
  await until(() => expect([path(), me.value?.id]).toEqual([home, "l1"]));
}

const opened = (more: Partial<Launch> = {}) => ({
  [OPEN]: () => Response.json({ ...LAUNCH, ...more }),
  [ME]: () => Response.json(ANN),
});

describe("the page that a course opens", () => {
  it("takes the code out of the address before it is answered, and asks for nobody by cookies", async () => {
    const sent = serve({});
    await open(`${ADDRESS}#code-1`);
    expect(location.href).toMatch(/\/launched\?platform=p-1$/);
    expect(place.value.hash).toBe("");
    expect(sent.map(({ call }) => call)).toEqual([OPEN]);
    expect(await sent[0]?.request.json()).toEqual({ code: "code-1" });
  });

  it.each([
    ["a learner to the start", {}, "/assessments/quiz"],
    ["a learner who comes for a review to the result", { attempt: "a1" }, "/attempts/a1/result"],
    ["a learner without an assessment to the lessons", { assessment: null }, "/"],
    ["a teacher to the grades", { is_teacher: true }, "/launched/grades"],
    [
      "a teacher who comes for a review to the result",
      { is_teacher: true, attempt: "a1" },
      "/attempts/a1/result",
    ],
  ])("leads %s, in the place of its own entry", async (_, more, home) => {
    const entries = history.length;
    const sent = serve(opened(more));
    await launchTo(home);
    expect(location.pathname + location.search).toBe(ADDRESS);
    expect(history.length).toBe(entries);
    expect(sent[1]?.request.headers.get("Authorization")).toBe("Bearer launch_1");
  });

  it("offers no account, and the way back to the course", async () => {
    serve(opened());
    await launchTo("/assessments/quiz");
    expect(
      root.querySelector(".menu, [href^='/sign-'], [href^='/account'], [href^='/admin'], [href^='/api']"),
    ).toBe(null);
    expect(mayJoin.value).toBe(false);
    expect(words(".header")).not.toMatch(/sign (in|up|out)/i);
    expect(words(".course")).toContain("Opened from Moodle");
    const back = root.querySelector<HTMLAnchorElement>(".course a");
    expect(back?.textContent).toBe("Back to Moodle");
    expect([back?.href, back?.target, back?.rel]).toEqual([LAUNCH.return_url, "_top", "noreferrer"]);
    act(() => {
      launch.value = { ...LAUNCH, return_url: null };
    });
    expect(root.querySelector(".course a")).toBeNull();
  });

  it.each([
    ["a code that was used", `${ADDRESS}#code-1`, 1],
    ["no code, as after a reload", ADDRESS, 0],
  ])("says with %s that it has to be opened again, and offers nothing else", async (_, address, calls) => {
    const sent = serve({ [OPEN]: () => refusal(400, "wrong_code") });
    await open(address);
    await until(() => expect(words("main")).toContain(`${OVER}: everything you entered is kept.`));
    expect(root.querySelector(".loading")).toBeNull();
    expect(root.querySelectorAll("a:not(.skip)")).toHaveLength(0);
    expect(sent).toHaveLength(calls);
  });

  it("tries the same code again where the server could not be asked", async () => {
    let isThere = false;
    const sent = serve({
      ...opened(),
      [OPEN]: () => (isThere ? Response.json(LAUNCH) : refusal(503, "busy")),
    });
    await open(`${ADDRESS}#code-1`);
    await until(() => expect(words(".failed")).toContain("The server had an error."));
    isThere = true;
    act(() => button("Try again")[0]?.click());
    await until(() => expect(path()).toBe("/assessments/quiz"));
    expect(await sent[1]?.request.json()).toEqual({ code: "code-1" });
  });

  it("says on every screen when its time is over, without a way to sign in", async () => {
    serve(opened());
    await launchTo("/assessments/quiz");
    act(() => {
      signedOut.value = true;
    });
    expect(words(".offline-region")).toContain(`${OVER}: everything you entered is kept.`);
    expect(root.querySelector("[href^='/sign-']")).toBeNull();
  });

  it("goes home again where the history holds no other place", async () => {
    serve(opened());
    await launchTo("/assessments/quiz");
    act(() => navigate("/"));
    act(() => navigate("/launched", { replace: true }));
    await until(() => expect(path()).toBe("/assessments/quiz"));
  });

  it("is told apart from a page that nobody launched", async () => {
    serve({ [ME]: () => Response.json({ ...ANN, id: null }) });
    await open("/");
    await until(() => expect(words(".header")).toContain("Sign in"));
    expect(words(".footer")).toContain("For programmers");
    expect(mayJoin.value).toBe(true);
  });
});

describe("an attempt that is begun in a launch", () => {
  const START = "POST /api/v1/attempts/";
  const assessment = (slug: string) => ({
    slug,
    assignment: "own",
    title: slug,
    summary: "",
    lesson: null,
    mode: "fixed",
    item_count: 1,
    time_limit_minutes: null,
    tries: 1,
    penalty: 0,
    feedback: { verdict: "immediate", solution: "immediate" },
    conditions: { layout: "one_question", tools: [], solution_on_request: false },
    sections: [],
    attempts_allowed: null,
    attempts_left: null,
    arranged: null,
    open_attempt: null,
  });

  it.each([
    ["of the course", "quiz", LAUNCH, "as-1"],
    ["of the assessment where that is another one", "other", LAUNCH, "own"],
    ["of the assessment where the course names none", "quiz", { ...LAUNCH, assignment: null }, "own"],
    ["of the assessment outside of a launch", "quiz", null, "own"],
  ])("counts for the assignment %s", async (_, slug, opened, assignment) => {
    launch.value = opened;
    me.value = ANN;
    const sent = serve({
      [`GET /api/v1/assessments/${slug}/`]: () => Response.json(assessment(slug)),
      "GET /api/v1/attempts/": () => Response.json({ next: null, results: [] }),
    });
    await show(<Start slug={slug} />);
    await until(() => expect(button("Start")).toHaveLength(1));
    act(() => button("Start")[0]?.click());
    const started = () => sent.filter(({ call }) => call === START);
    await until(() => expect(started()).toHaveLength(1));
    expect(await started()[0]?.request.json()).toEqual({ assessment: slug, assignment });
  });
});

const PERSON: PersonGrade = {
  id: "p1",
  learner: "l1",
  name: "Ann",
  attempts: 2,
  score: 7,
  maximum: 10,
  state: "sent",
  reason: "",
  sent_at: "2031-05-04T10:00:00Z",
};
const REFUSED: PersonGrade = {
  ...PERSON,
  id: "p2",
  name: "Ben",
  state: "parked",
  reason: "The column is gone.",
};
const course = (...people: PersonGrade[]): LinkGrades => ({ title: "The quiz", people });

describe("the grades of a course", () => {
  beforeEach(() => {
    launch.value = { ...LAUNCH, is_teacher: true };
  });

  const showGrades = async () => {
    await show(<LaunchedGrades />);
    await until(() => expect(root.querySelector(".loading")).toBeNull());
  };
  const cells = () =>
    [...root.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent?.trim()),
    );

  it("are listed by person, with where they are", async () => {
    const people = [
      PERSON,
      { ...PERSON, id: "p3", name: "Cem", state: "waiting", score: 7.125 },
      { ...PERSON, id: "p4", name: "Dee", state: "none", attempts: 0, score: null, maximum: null },
    ] as PersonGrade[];
    serve({ [GRADES]: () => Response.json(course(...people)) });
    await showGrades();
    expect(cells()).toEqual([
      ["Ann", "2", "7 of 10", expect.stringMatching(/^sent 4 May/), "Arrange… for Ann"],
      ["Cem", "2", "7.13 of 10", "on its way", "Arrange… for Cem"],
      ["Dee", "0", "none yet", "no attempt yet", "Arrange… for Dee"],
    ]);
    expect(button("Send again")).toHaveLength(0);
    const preview = [...root.querySelectorAll("a")].find((one) => one.textContent === "Preview as a learner");
    expect(preview?.getAttribute("href")).toBe("/assessments/quiz");
  });

  it.each([
    ["Send again", "p2"],
    ["Send all again", null],
  ])("that were refused say why, and are sent by “%s”", async (name, person) => {
    const sent = serve({
      [GRADES]: () => Response.json(course(PERSON, REFUSED)),
      "POST /api/v1/launch/grades/": () =>
        Response.json(course(PERSON, { ...REFUSED, state: "sent", reason: "" })),
    });
    await showGrades();
    expect(cells()[1]?.[3]).toMatch(/^refused: The column is gone\./);
    expect(button("Send again").map((one) => one.textContent)).toEqual(["Send again: Ben"]);
    act(() => button(name)[0]?.click());
    await until(() => expect(cells()[1]?.[3]).toMatch(/^sent/));
    expect(await sent[1]?.request.json()).toEqual({ person });
  });

  it("stay on the screen when they could not be sent, with the reason", async () => {
    serve({
      [GRADES]: () => Response.json(course(REFUSED)),
      "POST /api/v1/launch/grades/": () => refusal(409, "no_column", "The course has no column for it."),
    });
    await showGrades();
    act(() => button("Send all again")[0]?.click());
    await until(() => expect(words("[role=alert]")).toContain("The course has no column for it."));
    expect(button("Send all again")[0]?.disabled).toBe(false);
    expect(cells()).toHaveLength(1);
  });

  it("are looked at again as long as one is on its way", async () => {
    vi.useFakeTimers();
    let state: PersonGrade["state"] = "waiting";
    const sent = serve({ [GRADES]: () => Response.json(course({ ...PERSON, state })) });
    await show(<LaunchedGrades />);
    await pass(1);
    expect(cells()[0]?.[3]).toBe("on its way");
    state = "sent";
    await pass(5);
    expect(cells()[0]?.[3]).toMatch(/^sent/);
    const looks = sent.length;
    await pass(60);
    expect(sent).toHaveLength(looks);
  });

  it("of nobody are a sentence and no table", async () => {
    serve({ [GRADES]: () => Response.json(course()) });
    await showGrades();
    expect(words(".lead")).toContain("Nobody in the course has opened this yet.");
    expect(root.querySelector("table")).toBeNull();
    expect(button("Send all again")).toHaveLength(0);
  });

  it("say what does not work, and have no way to sign in", async () => {
    serve({ [GRADES]: () => refusal(403, "permission_denied", "This is for teachers.") });
    await showGrades();
    expect(words(".failed")).toContain("This is for teachers.");
    expect(root.querySelector("a")).toBeNull();
  });

  it("are not asked for without a launch", async () => {
    launch.value = null;
    const sent = serve({});
    await showGrades();
    expect(words()).toContain(OVER);
    expect(sent).toHaveLength(0);
  });
});

const GRADE: SentGrade = {
  platform: "Moodle",
  state: "waiting",
  score: 7,
  maximum: 10,
  sent_at: null,
  due_at: "2031-05-04T10:00:00Z",
  reason: "",
};

describe("the grade on the result of an attempt", () => {
  const OF_ATTEMPT = "GET /api/v1/attempts/a1/grades/";
  beforeEach(() => {
    vi.useFakeTimers();
    launch.value = LAUNCH;
  });

  it("is looked at until it was sent", async () => {
    const found: SentGrade[] = [];
    const sent = serve({ [OF_ATTEMPT]: () => Response.json(found) });
    await show(<SentGrades attempt="a1" />);
    await pass(1);
    expect(words(".sent-grades")).toBe("");
    found[0] = GRADE;
    await pass(5);
    expect(words(".sent-grades")).toBe("Your grade is on its way to Moodle.");
    found[0] = { ...GRADE, state: "sent", sent_at: GRADE.due_at };
    await pass(15);
    expect(words(".sent-grades")).toBe("Your grade was sent to Moodle.");
    const looks = sent.length;
    await pass(300);
    expect(sent).toHaveLength(looks);
  });

  it("that was refused says why, and is looked at no more", async () => {
    const found = [{ ...GRADE, state: "parked", reason: "Moodle has no column for it." }];
    const sent = serve({ [OF_ATTEMPT]: () => Response.json(found) });
    await show(<SentGrades attempt="a1" />);
    await pass(300);
    expect(words(".sent-grades")).toBe(
      "Your grade has not arrived at Moodle yet. Moodle has no column for it. Your teacher sees this too.",
    );
    expect(sent).toHaveLength(1);
  });

  it("is looked at no more when the screen is left, or nothing comes", async () => {
    const sent = serve({ [OF_ATTEMPT]: () => Response.json([GRADE]) });
    await show(<SentGrades attempt="a1" />);
    await pass(1);
    const looks = sent.length;
    act(() => render(null, root));
    await pass(300);
    expect(sent).toHaveLength(looks);
    const empty = serve({ [OF_ATTEMPT]: () => Response.json([]) });
    await show(<SentGrades attempt="a1" />);
    await pass(3600);
    expect(empty).toHaveLength(10);
  });

  it("is tried again after a failure that may pass", async () => {
    let isBusy = true;
    serve({
      [OF_ATTEMPT]: () => (isBusy ? refusal(503, "busy") : Response.json([{ ...GRADE, state: "sent" }])),
    });
    await show(<SentGrades attempt="a1" />);
    await pass(1);
    isBusy = false;
    await pass(5);
    expect(words(".sent-grades")).toBe("Your grade was sent to Moodle.");
  });

  it("is somebody else's where a teacher was sent to the attempt", async () => {
    launch.value = { ...LAUNCH, is_teacher: true, attempt: "a1" };
    serve({ [OF_ATTEMPT]: () => Response.json([{ ...GRADE, state: "parked", reason: "Why." }]) });
    await show(<SentGrades attempt="a1" />);
    await pass(1);
    expect(words(".sent-grades")).toBe("The grade has not arrived at Moodle yet. Why.");
  });

  it("is not asked for outside of a launch", async () => {
    launch.value = null;
    const sent = serve({});
    await show(<SentGrades attempt="a1" />);
    await pass(60);
    expect([root.innerHTML, sent]).toEqual(["", []]);
  });
});
