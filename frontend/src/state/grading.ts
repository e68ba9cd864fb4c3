import * as api from "../api/calls";
import { isTemporary } from "../api/failure";

/** How long to wait before looking again whether an attempt is graded. */
export const PAUSE = 5000;

/**
 * Call back once an attempt whose time is up is graded, or cannot be asked for; the result cancels.
 *
 * The server ends it within two minutes of its deadline, and no event tells when.
 */
export function onGraded(id: string, callback: () => void): () => void {
  let isCanceled = false;
  let timer = setTimeout(look, PAUSE);
  async function look(): Promise<void> {
    const isDone = await api.attempt(id).then(
      ({ state }) => state !== "grading",
      (failure) => !isTemporary(failure),
    );
    if (isCanceled) return;
    if (isDone) callback();
    else timer = setTimeout(look, PAUSE);
  }
  return () => {
    isCanceled = true;
    clearTimeout(timer);
  };
}
