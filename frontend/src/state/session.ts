import { computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import type { Me } from "../api/types";
import { drafts } from "./drafts";
import { launch } from "./launch";
import { outbox } from "./outbox";
import { signedOut } from "./signed_out";

/** Who is here: null until the server told us. Whoever was signed out stays, so that their work keeps its owner. */
export const me = signal<Me | null>(null);

/** The session of whoever is here has ended, and they have to sign in again. */
export const isSignedOut = computed(() => signedOut.value && me.value?.id != null);

/** Signed in with a name of their own. */
export const isMember = computed(() => me.value?.username != null && !me.value.is_guest);

/** Might sign in or up. In a launch the course has said who is here. */
export const mayJoin = computed(() => !isMember.value && launch.value === null);

/** Known to the server in any way, so that there is progress to show. */
export const isKnown = computed(() => me.value?.id != null);

/** Take note of who the server says is here. */
export function arrive(learner: Me): void {
  const before = me.peek()?.id;
  // One learner's text is never sent as another's; it stays on this device.
  if (before != null && before !== learner.id) drafts.release();
  me.value = learner;
  signedOut.value = false;
  if (!learner.id) return;
  outbox.resume(learner.id);
  void drafts.flush();
}

export const loadMe = async (): Promise<void> => arrive(await api.me());

export const signIn = async (username: string, password: string, code = ""): Promise<void> =>
  arrive(await api.signIn(username, password, code));

export const signUp = async (username: string, password: string): Promise<void> =>
  arrive(await api.signUp(username, password));

export const signOut = api.signOut;

/** Look whether the learner has signed in again in another tab. */
async function lookAgain(): Promise<void> {
  if (!isSignedOut.peek() || document.hidden) return;
  const learner = await api.me();
  if (learner.id) arrive(learner);
}

/** Notice a return of the session when the learner comes back to this tab; called once, at the start. */
export function watchSession(): void {
  // A failure leaves things as they are: the learner still has the link to sign in.
  const look = () => void lookAgain().catch(() => undefined);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
}
