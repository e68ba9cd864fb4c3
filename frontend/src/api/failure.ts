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

  constructor() {
    super("The server could not be reached.");
  }
}

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
