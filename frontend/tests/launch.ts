import { vi } from "vitest";
import type { Launch } from "../src/api/launch";
import { place } from "../src/router";
import { launch } from "../src/state/launch";
import { me } from "../src/state/session";
import { signedOut } from "../src/state/signed_out";

export const LAUNCH: Launch = {
  token: "launch_1",
  renew_after: 600,
  platform: "Moodle",
  title: "The quiz",
  is_teacher: false,
  assessment: "quiz",
  assignment: "as-1",
  attempt: null,
  return_url: "https://moodle.example/course/7",
};

export const ADDRESS = "/launched?platform=p-1";

/** What was sent: the request, and the settings that go above it. */
export interface Sent {
  call: string;
  request: Request;
  settings: RequestInit;
}

type Answer = (request: Request) => Response | Error | Promise<Response | Error>;

export const refusal = (status: number, code: string, detail = "No.") =>
  Response.json({ type: "client_error", errors: [{ code, detail, attr: null }] }, { status });

/** Answer each call by its method and path, `POST /api/v1/launch/`, and note what was sent; the rest has no answer. */
export function serve(answers: Record<string, Answer>): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request, settings: RequestInit = {}) => {
    const call = `${request.method} ${new URL(request.url).pathname}`;
    sent.push({ call, request: request.clone(), settings });
    const reply = await (answers[call]?.(request) ?? new Promise<never>(() => {}));
    if (reply instanceof Error) throw reply;
    return reply;
  });
  return sent;
}

/** Begin at an address as a page load does. */
export function arriveAt(address: string): void {
  history.replaceState(null, "", address);
  place.value = new URL(location.href);
}

/** As if no page had been opened. */
export function leave(): void {
  launch.value = null;
  me.value = null;
  signedOut.value = false;
  vi.unstubAllGlobals();
  arriveAt("/");
}
