/** What the editor asks of the server, and what it is told. */

import type { Edit } from "./values.ts";

export interface Fault {
  path: string;
  reason: string;
  line: number | null;
  column: number | null;
  end_line: number | null;
  end_column: number | null;
  refuses: boolean;
  suggestion: string | null;
}

export interface Request {
  text: string;
  based_on: string;
  edits?: Edit[];
  command?: string;
  argument?: string;
  form?: boolean;
  panel?: string;
  options?: Record<string, unknown>;
  do?: "save" | "publish" | "ask";
}

export interface Answer {
  text: string;
  faults: Fault[];
  revision: string;
  is_draft: boolean;
  error?: string;
  form?: string;
  panel?: { name: string; html: string };
  saved?: { revision: string; at: string };
  published?: string;
  asked?: string;
  refused?: string[];
  conflict?: { text: string; revision: string; by: string };
}

export interface Named {
  slug: string;
  title: string;
}

/** Why nothing came back; the text is for the author. */
export class NoAnswer extends Error {}

const token = (): string =>
  document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";

async function answered<T>(response: Response): Promise<T> {
  const isJson = response.headers.get("content-type")?.includes("json");
  if (response.ok && isJson && !response.redirected) return (await response.json()) as T;
  if (isJson) {
    const told = (await response.json()) as { error?: string; reason?: string };
    throw new NoAnswer(told.error ?? told.reason ?? "That was refused.");
  }
  if (response.redirected || response.status === 403)
    throw new NoAnswer("You are signed out. Sign in again in another window, then go on here.");
  if (response.status === 413) throw new NoAnswer("The document is too long to be sent.");
  if (response.status === 404) throw new NoAnswer("This draft is not there any more. Copy your text.");
  throw new NoAnswer(`The server answered with an error (${response.status}). Your text still stands here.`);
}

async function fetched<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...init });
  } catch {
    throw new NoAnswer("The server cannot be reached. Your text is kept in this browser.");
  }
  return answered<T>(response);
}

export const post = <T>(url: string, body: unknown): Promise<T> =>
  fetched<T>(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });

export const upload = <T>(url: string, file: File): Promise<T> => {
  const body = new FormData();
  body.append("file", file);
  return fetched<T>(url, { method: "POST", headers: { "X-CSRFToken": token() }, body });
};

export const get = <T>(url: string, asked: Record<string, string>): Promise<T> =>
  fetched<T>(`${url}?${new URLSearchParams(asked)}`, { headers: { Accept: "application/json" } });
