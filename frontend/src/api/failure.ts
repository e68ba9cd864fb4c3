import type { ErrorEntry } from "./types";

/** The server answered, and the answer was no. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";

  constructor(
    readonly status: number,
    readonly entries: readonly ErrorEntry[],
    readonly retryAfterSeconds: number | null,
  ) {
    super(entries[0]?.detail ?? `The server answered with status ${status}.`);
  }

  get code(): string {
    return this.entries[0]?.code ?? "error";
  }

  /** The complaint about one field of a form, or null. */
  about(field: string): string | null {
    return this.entries.find((entry) => entry.attr === field)?.detail ?? null;
  }
}

/** No answer came: the connection failed before, during or after the server's work. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";

  /** `isSlow`: it was reached, as far as one can tell, and did not answer in time. */
  constructor(readonly isSlow = false) {
    super(isSlow ? "The server did not answer in time." : "The server could not be reached.");
  }
}

/** The failure passes by itself when the connection returns. */
export const passesWithReconnection = (failure: unknown): boolean =>
  failure instanceof ConnectionLost && !failure.isSlow;

/** Answers that must reach the server before the attempt may be handed in have not. */
export class Undelivered extends Error {
  override readonly name = "Undelivered";

  constructor(readonly positions: readonly number[]) {
    super("Answers are still on their way.");
  }
}

/** Who asks is not known to the server any more; what they entered has not been refused. */
export const isSignedOut = (failure: unknown): boolean =>
  failure instanceof ApiFailure && (failure.status === 401 || failure.code === "csrf_failed");

/** The password was right, and the account wants a code of an authenticator app as well. */
export const asksForCode = (failure: unknown): boolean =>
  failure instanceof ApiFailure && failure.code === "second_factor_needed";

const ENDED = new Set(["attempt_closed", "attempt_expired"]);

/** The attempt takes nothing more, here or anywhere. */
export const saysEnded = (failure: unknown): boolean =>
  failure instanceof ApiFailure && failure.status === 409 && ENDED.has(failure.code);

/** The place itself takes no answer any more, whoever sends it and whenever. */
export const refusesPlace = (failure: unknown): boolean =>
  failure instanceof ApiFailure && (failure.status === 409 || failure.code === "unknown_position");

/** An answer was sent after this draft was typed. */
export const isOutdated = (failure: unknown): boolean =>
  failure instanceof ApiFailure && failure.code === "draft_stale";

/** The attempt before has run out of time and is being graded; another can begin in a moment. */
export const isStillGrading = (failure: unknown): boolean =>
  failure instanceof ApiFailure && failure.code === "still_grading";

const WORTH_REPEATING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** True where the same request may succeed later without anyone changing anything. */
export function isTemporary(failure: unknown): boolean {
  return (
    failure instanceof ConnectionLost ||
    (failure instanceof ApiFailure && WORTH_REPEATING.has(failure.status))
  );
}

/** Read the API's one error shape; anything else (a proxy's page, an empty body) has no entries. */
export function readEntries(body: unknown): ErrorEntry[] {
  if (typeof body !== "object" || body === null || !("errors" in body) || !Array.isArray(body.errors))
    return [];
  return body.errors.filter(isEntry).map(({ code, detail, attr }) => ({ code, detail, attr: attr ?? null }));
}

function isEntry(value: unknown): value is ErrorEntry {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
