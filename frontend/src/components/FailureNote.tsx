import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { isSignedOut, passesWithReconnection } from "../api/failure";
import { signInFrom } from "../paths";
import { place } from "../router";
import { launch } from "../state/launch";
import { onReconnect } from "../state/network";
import { explain } from "./explain";

export const SignInLink = () =>
  launch.value === null && (
    <a class="sign-in-link" href={signInFrom(place.value)}>
      Sign in
    </a>
  );

/** What did not work, in a sentence, as long as it is true: the connection's faults pass with its return. */
export function FailureNote({ failure }: { failure: unknown }) {
  const hasPassed = useSignal(false);
  // Before it is painted: the connection may be back sooner.
  useLayoutEffect(() => {
    hasPassed.value = false;
    if (!passesWithReconnection(failure)) return;
    return onReconnect(() => {
      hasPassed.value = true;
    });
  }, [failure, hasPassed]);
  if (failure === null || hasPassed.value) return null;
  return (
    <p class="form-problem" role="alert">
      {explain(failure)} {isSignedOut(failure) && <SignInLink />}
    </p>
  );
}
