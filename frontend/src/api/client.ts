import createClient, { type Middleware } from "openapi-fetch";
import { serverClock } from "../state/clock";
import { launch } from "../state/launch";
import { noteLost, noteReached } from "../state/network";
import { signedOut } from "../state/signed_out";
import { ApiFailure, ConnectionLost, readEntries } from "./failure";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** A call that takes longer has failed: a learner waits for a sentence, not without end. */
export const TIME_LIMIT = 20_000;

/** Read at every call, because signing in changes the token. */
function csrfToken(): string | null {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : null;
}

function withToken(request: Request): Request {
  const opened = launch.peek();
  const token = csrfToken();
  if (opened) request.headers.set("Authorization", `Bearer ${opened.token}`);
  else if (!SAFE.has(request.method) && token) request.headers.set("X-CSRFToken", token);
  return request;
}

const tokens: Middleware = { onRequest: ({ request }) => withToken(request) };

/** In a launch the token says who asks: the browser may still have the cookies of somebody else. */
const credentials = (): RequestInit => (launch.peek() ? { credentials: "omit" } : {});

/** Return the whole reply within the time limit; otherwise throw `ConnectionLost`. */
async function fetchInTime(request: Request): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIME_LIMIT);
  const sent = Date.now();
  try {
    const response = await fetch(request, { signal: limit.signal, ...credentials() });
    // The body belongs to what is waited for.
    const body = await response.blob();
    // Every reply says what time it is on the server; deadlines are counted down by that clock.
    serverClock.observe(response.headers.get("Date"), sent, Date.now());
    noteReached();
    const { status, statusText, headers } = response;
    return new Response(body.size > 0 ? body : null, { status, statusText, headers });
  } catch {
    // Slow is not out of reach: no event will tell when it has passed.
    if (!limit.signal.aborted) noteLost();
    throw new ConnectionLost(limit.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

async function lacksToken(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return readEntries(body)[0]?.code === "csrf_failed";
}

/** Send a request. Where the token was refused, get a fresh one, as every GET brings, and send it once more. */
async function send(request: Request): Promise<Response> {
  const spare = request.clone();
  const response = await fetchInTime(request);
  if (!(await lacksToken(response))) return response;
  await fetchInTime(new Request(new URL("/api/v1/me/", location.origin), { credentials: "same-origin" }));
  return fetchInTime(withToken(spare));
}

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  headers: { Accept: "application/json" },
  fetch: send,
});
client.use(tokens);

interface Reply<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Return what the server sent, or throw `ApiFailure` or `ConnectionLost`. */
export async function unwrap<Data>(reply: Promise<Reply<Data>>): Promise<Data> {
  const { data, error, response } = await reply;
  if (response.ok) return data as Data;
  if (response.status === 401) signedOut.value = true;
  throw new ApiFailure(response.status, readEntries(error), retryAfter(response));
}

function retryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return Number.isNaN(seconds) ? null : seconds;
}
