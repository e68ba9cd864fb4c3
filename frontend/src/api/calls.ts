/** One function for each thing that the app asks of the API. */
import { client, unwrap } from "./client";
import type {
  Answer,
  AssessmentSummary,
  AttemptSummary,
  Key,
  LessonSummary,
  NewKey,
  Presentation,
  Subject,
} from "./types";

export const me = () => unwrap(client.GET("/api/v1/me/"));
export const progress = () => unwrap(client.GET("/api/v1/progress/"));

export const signUp = (username: string, password: string) =>
  unwrap(client.POST("/api/v1/accounts/", { body: { username, password } }));

/** `code`: of the authenticator app, or a recovery code of it, where the account has a second factor. */
export const signIn = (username: string, password: string, code = "") =>
  unwrap(client.POST("/api/v1/session/", { body: { username, password, code } }));

export const signOut = () => unwrap(client.DELETE("/api/v1/session/"));

export const account = () => unwrap(client.GET("/api/v1/me/account/"));

export const changeEmail = (email: string, password: string) =>
  unwrap(client.PATCH("/api/v1/me/", { body: { email, password } }));

export const changePassword = (current: string, next: string) =>
  unwrap(client.POST("/api/v1/me/password/", { body: { current, new: next } }));

/** Make a recovery code, which is shown this once. */
export const makeRecoveryCode = (password: string) =>
  unwrap(client.POST("/api/v1/me/recovery-code/", { body: { password } }));

/** End all sessions of the account but this one. */
export const endSessions = () => unwrap(client.DELETE("/api/v1/me/sessions/"));

export const keys = (): Promise<Key[]> =>
  everyPage((cursor) => unwrap(client.GET("/api/v1/me/keys/", { params: { query: cursor } })));

/** Make a key for a program; its token is shown this once. */
export const makeKey = (wanted: NewKey) => unwrap(client.POST("/api/v1/me/keys/", { body: wanted }));

/** Replace a key by another that may do the same; the old one holds for a day more. */
export const rotateKey = (key: string, password: string) =>
  unwrap(client.POST("/api/v1/me/keys/{key}/rotation/", { params: { path: { key } }, body: { password } }));

export const revokeKey = (key: string) =>
  unwrap(client.DELETE("/api/v1/me/keys/{key}/", { params: { path: { key } } }));

/** Erase whoever asks; a guest has no password. */
export const eraseMe = (password: string | null) =>
  unwrap(client.DELETE("/api/v1/me/", { body: password === null ? {} : { password } }));

export const EXPORT = "/api/v1/me/export/";

export const askForRecovery = (name: string) =>
  unwrap(client.POST("/api/v1/accounts/recovery/", { body: { name } }));

/** What lets somebody in who has forgotten the password. */
export type RecoveryProof = { token: string } | { name: string; code: string };

export const recover = (proof: RecoveryProof, password: string) =>
  unwrap(client.POST("/api/v1/accounts/recovery/confirm/", { body: { ...proof, password } }));

export const lesson = (slug: string) =>
  unwrap(client.GET("/api/v1/lessons/{slug}/", { params: { path: { slug } } }));

export const assessment = (slug: string) =>
  unwrap(client.GET("/api/v1/assessments/{slug}/", { params: { path: { slug } } }));

export const assessments = (): Promise<AssessmentSummary[]> =>
  everyPage((cursor) => unwrap(client.GET("/api/v1/assessments/", { params: { query: cursor } })));

/** The courses of whoever is here. */
export const courses = () => unwrap(client.GET("/api/v1/courses/"));

export const course = (id: string) =>
  unwrap(client.GET("/api/v1/courses/{id}/", { params: { path: { id } } }));

/** What a code would let one join. */
export const invitation = (code: string) =>
  unwrap(client.POST("/api/v1/courses/invitation/", { body: { code } }));

export const joinCourse = (code: string) => unwrap(client.POST("/api/v1/courses/join/", { body: { code } }));

export const lessons = (): Promise<LessonSummary[]> =>
  everyPage((cursor) => unwrap(client.GET("/api/v1/lessons/", { params: { query: cursor } })));

/** The lessons whose text has all of these words, each with the place where they stand. */
export const findLessons = (search: string): Promise<LessonSummary[]> =>
  everyPage((cursor) => unwrap(client.GET("/api/v1/lessons/", { params: { query: { search, ...cursor } } })));

export const subjects = (): Promise<Subject[]> =>
  everyPage((cursor) => unwrap(client.GET("/api/v1/subjects/", { params: { query: cursor } })));

/** The learner's attempts, the latest first; of one assessment or of all. */
export const attempts = (filter: { assessment?: string } = {}) =>
  everyPage((cursor) =>
    unwrap(client.GET("/api/v1/attempts/", { params: { query: { ...filter, ...cursor } } })),
  );

/** One page of all attempts of the learner, the latest first; `cursor` is that of the page before. */
export async function attemptPage(cursor: string | null): Promise<AttemptPage> {
  const query = cursor ? { cursor } : {};
  const { results, next } = await unwrap(client.GET("/api/v1/attempts/", { params: { query } }));
  return { attempts: results, next: cursorOf(next) };
}

export interface AttemptPage {
  attempts: AttemptSummary[];
  /** The cursor of the page behind this one; null at the end. */
  next: string | null;
}

/** Begin an attempt, or go on with the one that is open. `assignment`: in which way the assessment is taken. */
export const startAttempt = (assessment: string, assignment: string) =>
  unwrap(client.POST("/api/v1/attempts/", { body: { assessment, assignment } }));

export const attempt = (id: string) =>
  unwrap(client.GET("/api/v1/attempts/{id}/", { params: { path: { id } } }));

export const review = (id: string) =>
  unwrap(client.GET("/api/v1/attempts/{id}/review/", { params: { path: { id } } }));

/** Say that the corrections of a result were seen, which puts its notice away. */
export const sawCorrections = (id: string) =>
  unwrap(client.POST("/api/v1/attempts/{id}/corrections/seen/", { params: { path: { id } } }));

/** Ask that an answer be looked at again; asked twice it is asked once. */
export const askForAnotherLook = (id: string, response: string, text: string) =>
  unwrap(
    client.POST("/api/v1/attempts/{id}/responses/{response_id}/regrade-request/", {
      params: { path: { id, response_id: response } },
      body: { text },
    }),
  );

export const submitAttempt = (id: string) =>
  unwrap(client.POST("/api/v1/attempts/{id}/submit/", { params: { path: { id } } }));

/** The first presentation that waits for an answer, or null when there is none. */
export async function nextPresentation(id: string): Promise<Presentation | null> {
  const reply = client.GET("/api/v1/attempts/{id}/next/", { params: { path: { id } } });
  return (await unwrap(reply)) ?? null;
}

/** The same, and where none waits and the attempt grows, one that is drawn now; null where that has ended it. */
export async function drawPresentation(id: string): Promise<Presentation | null> {
  const reply = client.POST("/api/v1/attempts/{id}/next/", { params: { path: { id } } });
  return (await unwrap(reply)) ?? null;
}

/** All presentations of an attempt so far. */
export const presentations = (id: string) =>
  unwrap(client.GET("/api/v1/attempts/{id}/presentations/", { params: { path: { id } } }));

export const presentation = (id: string, position: number) =>
  unwrap(
    client.GET("/api/v1/attempts/{id}/presentations/{position}/", { params: { path: { id, position } } }),
  );

/** Take a hint of an item by its number, from 1; the reply holds all that were taken. Asked twice it is taken once. */
export const takeHint = (id: string, position: number, number: number) =>
  unwrap(
    client.POST("/api/v1/attempts/{id}/presentations/{position}/hints/", {
      params: { path: { id, position } },
      body: { number },
    }),
  );

/** Give up and see the solution, which closes the place. */
export const showSolution = (id: string, position: number) =>
  unwrap(
    client.POST("/api/v1/attempts/{id}/presentations/{position}/solution/", {
      params: { path: { id, position } },
    }),
  );

/** Take a hint of a variant by its number. */
export const takeVariantHint = (slug: string, token: string, number: number) =>
  unwrap(
    client.POST("/api/v1/exercises/{slug}/hints/", { params: { path: { slug } }, body: { token, number } }),
  );

interface SavedDraft {
  answer: Answer;
  /** How many answers the place had when this was typed; unknown of what an older page has left. */
  after?: number;
}

/** Keep a draft. `keepalive` lets the call outlive the page that is being left. */
export const saveDraft = (id: string, position: number, draft: SavedDraft, keepalive = false) =>
  unwrap(
    client.PUT("/api/v1/attempts/{id}/presentations/{position}/draft/", {
      params: { path: { id, position } },
      body: draft,
      keepalive,
    }),
  );

interface SentAnswer {
  answer: Answer;
  /** For how long the item was in view. */
  seconds?: number;
}

/** Send an answer; repeated with the same key it is recorded once and gets the same verdict. */
export const respond = (id: string, position: number, sent: SentAnswer, key: string) =>
  unwrap(
    client.POST("/api/v1/attempts/{id}/presentations/{position}/responses/", {
      params: { path: { id, position }, header: { "Idempotency-Key": key } },
      body: sent,
    }),
  );

export const drawVariant = (slug: string) =>
  unwrap(client.POST("/api/v1/exercises/{slug}/variants/", { params: { path: { slug } } }));

/** Check an answer; a wrong one leaves the solution for later. */
export const checkVariant = (slug: string, token: string, answer: Answer) =>
  unwrap(
    client.POST("/api/v1/exercises/{slug}/check/", {
      params: { path: { slug } },
      body: { token, answer, solution: false },
    }),
  );

export const showVariantSolution = (slug: string, token: string) =>
  unwrap(client.POST("/api/v1/exercises/{slug}/solution/", { params: { path: { slug } }, body: { token } }));

interface Page<Row> {
  next: string | null;
  results: Row[];
}

/** Follow the cursor to the end: the lists of a learner are short, and search works on all of them. */
async function everyPage<Row>(page: (query: { cursor?: string }) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const { results, next }: Page<Row> = await page(cursor ? { cursor } : {});
    rows.push(...results);
    cursor = cursorOf(next);
  } while (cursor);
  return rows;
}

const cursorOf = (next: string | null): string | null =>
  next && new URL(next, location.origin).searchParams.get("cursor");
