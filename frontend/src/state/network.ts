import { computed, signal } from "@preact/signals";

/** Whether the last call reached the server. */
export const reachable = signal(true);

const connected = signal(globalThis.navigator?.onLine ?? true);

/** What the browser believes, corrected by what happened: a captive network is "online" and reaches nothing. */
export const online = computed(() => connected.value && reachable.value);

const waiting = new Set<() => void>();

/** Call back when the connection returns; the result cancels. */
export function onReconnect(callback: () => void): () => void {
  waiting.add(callback);
  return () => waiting.delete(callback);
}

function changed(isConnected: boolean): void {
  connected.value = isConnected;
  if (!isConnected) return;
  reachable.value = true;
  for (const callback of [...waiting]) callback();
}

/** Listen to the browser; called once, at the start. */
export function watchConnection(): void {
  addEventListener("online", () => changed(true));
  addEventListener("offline", () => changed(false));
}
