import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "../../src/api/calls";
import { ApiFailure, ConnectionLost } from "../../src/api/failure";
import { explain, signedOutWords } from "../../src/components/explain";
import { launch } from "../../src/state/launch";
import { enter } from "../../src/state/launching";
import { noteReached } from "../../src/state/network";
import { outbox } from "../../src/state/outbox";
import { isSignedOut, me } from "../../src/state/session";
import { LAUNCH, leave, refusal, type Sent, serve } from "../launch";

const ANN = { id: "l1", username: null, email: null, is_guest: false, is_staff: false };
const DRAFT = { answer: { a: "7" } };

const OPEN = "POST /api/v1/launch/";
const RENEWAL = "POST /api/v1/launch/renewal/";
const ME = "GET /api/v1/me/";

const opened = (more = {}) => ({ [OPEN]: () => Response.json({ ...LAUNCH, ...more }) });
const bearer = ({ request }: Sent) => request.headers.get("Authorization");
const calls = (sent: Sent[], call: string) => sent.filter((one) => one.call === call);
const seconds = (count: number) => vi.advanceTimersByTimeAsync(1000 * count);

beforeEach(() => {
  vi.useFakeTimers();
  // biome-ignore lint/suspicious/noDocumentCookie: the browser sets it in the same place.
  document.cookie = "csrftoken=somebody-elses";
});
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  localStorage.clear();
  leave();
});

describe("a launch", () => {
  it("gives its code for a token, as nobody", async () => {
    const sent = serve(opened());
    expect(await enter("code-1")).toBe(true);
    expect(await sent[0]?.request.json()).toEqual({ code: "code-1" });
    expect(sent[0]?.request.credentials).toBe("omit");
    expect(launch.value).toEqual(LAUNCH);
  });

  it("asks from then on by its token, without cookies and what protects them", async () => {
    const sent = serve({
      ...opened(),
      [ME]: () => Response.json(ANN),
      "PUT /api/v1/attempts/a1/presentations/1/draft/": () => Response.json({ saved_at: "now" }),
    });
    await enter("code-1");
    await api.me();
    await api.saveDraft("a1", 1, DRAFT, true);
    expect(sent.slice(1).map(bearer)).toEqual(["Bearer launch_1", "Bearer launch_1"]);
    expect(sent.slice(1).map(({ settings }) => settings.credentials)).toEqual(["omit", "omit"]);
    expect(sent.slice(1).map(({ request }) => request.headers.get("X-CSRFToken"))).toEqual([null, null]);
    expect(await sent[2]?.request.json()).toEqual(DRAFT);
  });

  it("keeps its token nowhere on the device", async () => {
    serve(opened());
    await enter("code-1");
    const kept = [localStorage, sessionStorage].map((one) => JSON.stringify({ ...one }));
    expect([...kept, document.cookie, location.href, JSON.stringify(history.state)].join()).not.toContain(
      LAUNCH.token,
    );
  });

  it("is none where the code was used before, and may be one where the server is busy", async () => {
    serve({ [OPEN]: () => refusal(400, "wrong_code") });
    expect(await enter("code-1")).toBe(false);
    serve({ [OPEN]: () => refusal(503, "busy") });
    await expect(enter("code-1")).rejects.toMatchObject({ status: 503 });
    serve({ [OPEN]: () => new TypeError("offline") });
    await expect(enter("code-1")).rejects.toBeInstanceOf(ConnectionLost);
    expect(launch.value).toBeNull();
  });

  it.each([
    ["https://moodle.example/course/7", "https://moodle.example/course/7"],
    ["http://moodle.example/", "http://moodle.example/"],
    ["javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["nowhere", null],
    [null, null],
  ])("leads back to %s by %s", async (return_url, kept) => {
    serve(opened({ return_url }));
    await enter("code-1");
    expect(launch.value?.return_url).toBe(kept);
  });
});

describe("the token of a launch", () => {
  it("is renewed when that is due, again and again, and the new one is used", async () => {
    let number = 1;
    const renewal = () => {
      number += 1;
      return Response.json({ token: `launch_${number}`, renew_after: 100 });
    };
    const sent = serve({ ...opened(), [RENEWAL]: renewal });
    await enter("code-1");
    await seconds(599);
    expect(calls(sent, RENEWAL)).toHaveLength(0);
    await seconds(1);
    expect(launch.value).toEqual({ ...LAUNCH, token: "launch_2" });
    await seconds(100);
    expect(calls(sent, RENEWAL).map(bearer)).toEqual(["Bearer launch_1", "Bearer launch_2"]);
    expect(launch.value?.token).toBe("launch_3");
    expect(isSignedOut.value).toBe(false);
  });

  it("is renewed as soon as a device that has slept is looked at again", async () => {
    const sent = serve({
      ...opened(),
      [RENEWAL]: () => Response.json({ token: "launch_2", renew_after: 600 }),
    });
    await enter("code-1");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(calls(sent, RENEWAL)).toHaveLength(0);
    vi.setSystemTime(Date.now() + 3_600_000);
    document.dispatchEvent(new Event("visibilitychange"));
    await seconds(0);
    expect(launch.value?.token).toBe("launch_2");
  });

  it.each([401, 403])(
    "ends with a refusal (%i): that is said in plain words, and nothing is asked any more",
    async (status) => {
      me.value = ANN;
      const sent = serve({ ...opened(), [RENEWAL]: () => refusal(status, "refused") });
      await enter("code-1");
      await seconds(600);
      expect(isSignedOut.value).toBe(true);
      expect(signedOutWords()).toBe(
        "This page was opened from your course and its time is over. Open it again there: everything you entered is kept.",
      );
      await seconds(3600);
      expect(calls(sent, RENEWAL)).toHaveLength(1);
    },
  );

  it("is tried again after failures that may pass; the learner is told when it holds no more", async () => {
    me.value = ANN;
    let isBusy = true;
    const sent = serve({
      ...opened(),
      [ME]: () => Response.json(ANN),
      [RENEWAL]: () =>
        isBusy ? refusal(503, "busy") : Response.json({ token: "launch_2", renew_after: 600 }),
    });
    await enter("code-1");
    await seconds(600 + 599);
    expect(calls(sent, RENEWAL).length).toBeGreaterThan(5);
    expect(isSignedOut.value).toBe(false);
    await seconds(31);
    expect(isSignedOut.value).toBe(true);
    isBusy = false;
    await seconds(30);
    expect(launch.value?.token).toBe("launch_2");
    expect(isSignedOut.value).toBe(false);
  });

  it("waits for the connection, without telling the learner to leave a page that could not be opened again", async () => {
    me.value = ANN;
    const sent = serve({ ...opened(), [RENEWAL]: () => new TypeError("offline") });
    await enter("code-1");
    await seconds(3600);
    expect(calls(sent, RENEWAL).length).toBeGreaterThan(5);
    expect(isSignedOut.value).toBe(false);
    const before = calls(sent, RENEWAL).length;
    noteReached();
    await seconds(0);
    expect(calls(sent, RENEWAL)).toHaveLength(before + 1);
  });
});

describe("a page whose launch was over before it was known who is here", () => {
  it("says so as well", () => {
    launch.value = LAUNCH;
    expect(explain(new ApiFailure(401, [], null))).toContain("its time is over");
  });
});

describe("what was entered when the time of a launch was over", () => {
  const RESPOND = "POST /api/v1/attempts/a1/presentations/1/responses/";
  const address = { learner: "l1", attempt: "a1", position: 1 };

  it("is kept, and sent under the same key after the next launch of the same learner, and of nobody else", async () => {
    me.value = ANN;
    let isOver = true;
    const sent = serve({
      ...opened(),
      [ME]: () => Response.json(ANN),
      [RESPOND]: () => (isOver ? refusal(401, "not_authenticated") : Response.json({ position: 1 })),
    });
    await enter("code-1");
    const failure = await outbox.post(address, { a: "7" }).catch((error: unknown) => error);
    expect(explain(failure)).toContain("its time is over");
    isOver = false;
    outbox.resume("l2");
    await seconds(0);
    expect(calls(sent, RESPOND)).toHaveLength(1);
    outbox.resume("l1");
    await seconds(0);
    const keys = calls(sent, RESPOND).map(({ request }) => request.headers.get("Idempotency-Key"));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});
