import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "../src/api/calls";
import { TIME_LIMIT } from "../src/api/client";
import { ConnectionLost } from "../src/api/failure";
import { explain } from "../src/components/explain";
import { online, onReconnect } from "../src/state/network";
import { me } from "../src/state/session";
import { signedOut } from "../src/state/signed_out";

const NOBODY = { id: null, username: null, email: null, is_guest: false, is_staff: false };
const SOMEBODY = { id: "l1", username: "ann", email: null, is_guest: false, is_staff: false };

const refusal = (status: number, code: string) =>
  Response.json(
    { type: "client_error", errors: [{ code, detail: "CSRF cookie not set.", attr: null }] },
    { status },
  );

/** Play back replies, and note what was sent. */
function serve(replies: (Response | Error)[]) {
  const sent: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request.clone());
    const reply = replies.shift();
    if (reply instanceof Response) return reply;
    throw reply ?? new TypeError("No more replies.");
  });
  return sent;
}

describe("a call", () => {
  beforeEach(() => {
    signedOut.value = false;
    me.value = SOMEBODY;
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
    me.value = null;
  });

  it("gets a fresh token when the server misses it, and is sent once more with the same body", async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the browser sets it in the same place.
    document.cookie = "csrftoken=fresh";
    const sent = serve([
      refusal(403, "csrf_failed"),
      Response.json(NOBODY),
      Response.json({ saved_at: "now" }),
    ]);
    await api.saveDraft("a1", 1, { answer: { a: "7" } });
    expect(sent.map(({ method }) => method)).toEqual(["PUT", "GET", "PUT"]);
    expect(sent[2]?.headers.get("X-CSRFToken")).toBe("fresh");
    expect(await sent[2]?.json()).toEqual({ answer: { a: "7" } });
  });

  it("never shows what frameworks call things, when a fresh token does not help", async () => {
    const replies = [refusal(403, "csrf_failed"), Response.json(NOBODY), refusal(403, "csrf_failed")];
    const sent = serve(replies);
    const failure = await api.saveDraft("a1", 1, { answer: { a: "7" } }).catch((error: unknown) => error);
    expect(sent).toHaveLength(3);
    expect(explain(failure)).toBe("Signed out: sign in again, what you entered is kept on this device.");
  });

  it("notices that the session has ended", async () => {
    serve([refusal(401, "not_authenticated")]);
    await expect(api.saveDraft("a1", 1, { answer: { a: "7" } })).rejects.toMatchObject({ status: 401 });
    expect(signedOut.value).toBe(true);
  });

  it("ends after the time limit, with a sentence", async () => {
    vi.useFakeTimers();
    vi.stubGlobal(
      "fetch",
      (_: Request, { signal }: RequestInit) =>
        new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    const call = api.me().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(TIME_LIMIT);
    const failure = await call;
    expect(failure).toBeInstanceOf(ConnectionLost);
    expect(explain(failure)).toContain("The server does not answer.");
    expect(online.value).toBe(true);
  });

  it("counts a reply that breaks off as lost", async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError("cut")) });
    serve([new Response(broken)]);
    await expect(api.me()).rejects.toBeInstanceOf(ConnectionLost);
  });

  it("wakes whoever waits for the connection, when it is the first to get through", async () => {
    serve([new TypeError("offline"), Response.json(NOBODY), Response.json(NOBODY)]);
    const woken = vi.fn();
    const stop = onReconnect(woken);
    await expect(api.me()).rejects.toBeInstanceOf(ConnectionLost);
    expect(online.value).toBe(false);
    await api.me();
    await api.me();
    stop();
    expect(woken).toHaveBeenCalledOnce();
    expect(online.value).toBe(true);
  });
});
