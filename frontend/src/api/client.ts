import createClient, { type Middleware } from "openapi-fetch";
import { serverClock } from "../state/clock";
import { reachable } from "../state/network";
import { ApiFailure, ConnectionLost, readEntries } from "./failure";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Read at every call, because signing in changes the token. */
function csrfToken(): string | null {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : null;
}

const csrf: Middleware = {
  onRequest({ request }) {
    const token = csrfToken();
    if (!SAFE.has(request.method) && token) request.headers.set("X-CSRFToken", token);
    return request;
  },
};

/** Every reply says what time it is on the server; deadlines are counted down by that clock. */
async function fetchAndObserve(request: Request): Promise<Response> {
  const sent = Date.now();
  try {
    const response = await fetch(request);
    serverClock.observe(response.headers.get("Date"), sent, Date.now());
    reachable.value = true;
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    reachable.value = false;
    throw new ConnectionLost();
  }
}

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  headers: { Accept: "application/json" },
  fetch: fetchAndObserve,
});
client.use(csrf);

interface Reply<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Return what the server sent, or throw `ApiFailure` or `ConnectionLost`. */
export async function unwrap<Data>(reply: Promise<Reply<Data>>): Promise<Data> {
  const { data, error, response } = await reply;
  if (response.ok) return data as Data;
  throw new ApiFailure(response.status, readEntries(error), retryAfter(response));
}

function retryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return Number.isNaN(seconds) ? null : seconds;
}
