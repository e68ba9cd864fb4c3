import type { Shelf } from "../src/state/storage";

/** A shelf in memory, which a second object under test can share as a reloaded page would. */
export function memoryShelf<Value>(): Shelf<Value> {
  const kept = new Map<string, Value>();
  return {
    put: (key, value) => void kept.set(key, value),
    get: (key) => kept.get(key) ?? null,
    remove: (key) => void kept.delete(key),
    entries: () => [...kept],
  };
}
