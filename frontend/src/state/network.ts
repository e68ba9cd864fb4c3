import { computed, signal } from "@preact/signals";

/** Whether the last call reached the server; written by `noteReached` and `noteLost`. */
const reachable = signal(true);

const connected = signal(globalThis.navigator?.onLine ?? true);

/** What the browser believes, corrected by what happened: a captive network is "online" and reaches nothing. */
export const online = computed(() => connected.value && reachable.value);

const waiting = new Set<() => void>();

/** Call back when the connection returns; the result cancels. */
export function onReconnect(callback: () => void): () => void {
  waiting.add(callback);
  return () => waiting.delete(callback);
}

function callWaiting(): void {
  for (const callback of [...waiting]) callback();
}

/** A call was answered. After calls that were not, this is what a return of the connection looks like. */
export function noteReached(): void {
  if (reachable.peek()) return;
  reachable.value = true;
  callWaiting();
}

/** A call was not answered. */
export function noteLost(): void {
  reachable.value = false;
}

function changed(isConnected: boolean): void {
  connected.value = isConnected;
  if (!isConnected) return;
  reachable.value = true;
  callWaiting();
}

const FIRST_PROBE = 2000;
const LONGEST_PAUSE = 30_000;

/** Ask the server, less and less often, as long as it is out of reach: no event tells when it is back. */
function probe(ask: () => Promise<unknown>): void {
  let pause = FIRST_PROBE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    timer = setTimeout(() => {
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
      // An answer of any kind calls `noteReached`; none leaves things as they are.
      ask()
        .catch(() => undefined)
        .finally(() => {
          if (!reachable.peek()) again();
        });
    }, pause);
  };
  reachable.subscribe((isReachable) => {
    clearTimeout(timer);
    pause = FIRST_PROBE;
    if (!isReachable) again();
  });
}

/** Listen to the browser, and ask the server while it is out of reach; called once, at the start. */
export function watchConnection(ask: () => Promise<unknown>): void {
  addEventListener("online", () => changed(true));
  addEventListener("offline", () => changed(false));
  probe(ask);
}
