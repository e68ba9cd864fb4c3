import { ApiFailure, ConnectionLost, isSignedOut, isStillGrading, Undelivered } from "../api/failure";
import { launch } from "../state/launch";
import { isKnown } from "../state/session";
import { keepsOnDevice } from "../state/storage";
import { count } from "./words";

export function signedOutWords(): string {
  if (launch.value) return launchOverWords();
  return keepsOnDevice.value
    ? "Signed out: sign in again, what you entered is kept on this device."
    : "Signed out: sign in again before you leave this page; nothing can be kept on this device.";
}

const launchOverWords = (): string =>
  keepsOnDevice.value
    ? "This page was opened from your course and its time is over. Open it again there: everything you entered is kept."
    : "This page was opened from your course and its time is over. Copy what you had not sent, then open it again there; nothing can be kept on this device.";

/** The failure in words that help the learner, with a way on. */
export function explain(failure: unknown): string {
  if (failure instanceof ConnectionLost)
    return failure.isSlow
      ? "The server does not answer. It may be busy: try again in a moment."
      : "The server cannot be reached. Check your connection, then try again.";
  if (failure instanceof Undelivered) return undelivered(failure.positions);
  if (isMissingPart(failure)) return "A part of the page could not be loaded. Try again, please.";
  if (!(failure instanceof ApiFailure)) return "Something went wrong on this page. Reload it, please.";
  if (isSignedOut(failure)) return isKnown.value || launch.value ? signedOutWords() : "Sign in to see this.";
  if (failure.code === "locked_out") return lockedOut(failure);
  if (failure.status === 429) return "That was a lot at once. Wait a moment, then try again.";
  if (failure.status >= 500) return "The server had an error. Your work is safe; try again in a moment.";
  if (isStillGrading(failure)) return stillGrading(failure);
  if (failure.entries.length === 0)
    return "The server refused this and did not say why. Reload the page, please.";
  return failure.message;
}

function lockedOut({ retryAfterSeconds }: ApiFailure): string {
  const wait = retryAfterSeconds === null ? "a while" : count(Math.ceil(retryAfterSeconds / 60), "minute");
  return `Too many wrong entries for this name. Try again in ${wait}.`;
}

function stillGrading({ retryAfterSeconds }: ApiFailure): string {
  const wait = retryAfterSeconds === null ? "a moment" : count(retryAfterSeconds, "second");
  return `The time of your last attempt is up, and it is being graded. You can start another in ${wait}.`;
}

/** What browsers throw where a file of the app cannot be had; each has its own sentence. */
const isMissingPart = (failure: unknown): boolean =>
  failure instanceof TypeError && /import|module|preload/i.test(failure.message);

function undelivered(positions: readonly number[]): string {
  const answers =
    positions.length === 1 ? `Your answer to question ${positions[0]} has` : "Some of your answers have";
  const kept = keepsOnDevice.value ? "Nothing is lost" : "Stay on this page: nothing is lost";
  return `${answers} not reached the server, so nothing was handed in. ${kept}; try again in a moment.`;
}
