import { signal } from "@preact/signals";

/** What the screen reader is told next, politely. */
export const announcement = signal("");

/** Say something; saying the same again is heard again. */
export function announce(sentence: string): void {
  const spoken = announcement.peek();
  announcement.value = spoken === sentence ? `${sentence}\u00a0` : sentence;
}
