import { computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import type { Me } from "../api/types";
import { outbox } from "./outbox";

/** Who is here: null until the server told us. */
export const me = signal<Me | null>(null);

/** Signed in with a name of their own. */
export const isMember = computed(() => me.value?.username != null && !me.value.is_guest);

/** Known to the server in any way, so that there is progress to show. */
export const isKnown = computed(() => me.value?.id != null);

function arrive(learner: Me): void {
  me.value = learner;
  if (learner.id) outbox.resume(learner.id);
}

export const loadMe = async (): Promise<void> => arrive(await api.me());

export const signIn = async (username: string, password: string): Promise<void> =>
  arrive(await api.signIn(username, password));

export const signUp = async (username: string, password: string): Promise<void> =>
  arrive(await api.signUp(username, password));

export const signOut = api.signOut;
