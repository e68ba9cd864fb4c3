import { signal } from "@preact/signals";

/** Whether this device keeps what is put on a shelf; a storage that is full or forbidden does not. */
export const keepsOnDevice = signal(true);

/** A small typed corner of the browser's storage: one JSON value under each key of a namespace. */
export interface Shelf<Value> {
  put(key: string, value: Value): void;
  get(key: string): Value | null;
  remove(key: string): void;
  entries(): [string, Value][];
}

/** Return the browser's storage, or null where it is forbidden: then even its name throws. */
export function deviceStorage(find: () => Storage = () => localStorage): Storage | null {
  try {
    const storage = find();
    storage.getItem("assay");
    return storage;
  } catch {
    // Whatever it throws, there is no storage; the learner is told by `keepsOnDevice`.
    keepsOnDevice.value = false;
    return null;
  }
}

/**
 * Return a shelf in `storage` that survives a reload and a crash.
 *
 * Written synchronously, so that a value is kept before the request that carries it leaves. `read` checks what comes
 * back, because another version of the app may have written it. What the storage does not take is kept in memory,
 * as long as the page lives: a full storage must not stop an answer.
 */
export function shelf<Value>(
  storage: Storage | null,
  namespace: string,
  read: (stored: unknown) => Value | null,
): Shelf<Value> {
  const prefix = `assay.${namespace}.`;
  const inMemory = new Map<string, Value>();
  const stored = (key: string): Value | null => parse(storage?.getItem(prefix + key) ?? null, read);
  const get = (key: string): Value | null => inMemory.get(key) ?? stored(key);
  const keys = (): string[] =>
    Object.keys(storage ?? {})
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  return {
    get,
    put: (key, value) => {
      inMemory.delete(key);
      if (write(storage, prefix + key, JSON.stringify(value))) return;
      inMemory.set(key, value);
      // What is there is older, and a reload must not find it.
      storage?.removeItem(prefix + key);
    },
    remove: (key) => {
      inMemory.delete(key);
      storage?.removeItem(prefix + key);
    },
    entries: () =>
      [...new Set([...keys(), ...inMemory.keys()])].flatMap((key): [string, Value][] => {
        const value = get(key);
        return value === null ? [] : [[key, value]];
      }),
  };
}

/** Remove what this app keeps on the device, but for settings: whoever it belonged to is gone. */
export function forgetOnDevice(storage: Storage | null = deviceStorage()): void {
  const ours = Object.keys(storage ?? {}).filter((name) => /^assay\.(?!setting\.)/.test(name));
  for (const name of ours) storage?.removeItem(name);
}

function write(storage: Storage | null, name: string, text: string): boolean {
  try {
    storage?.setItem(name, text);
    keepsOnDevice.value = storage !== null;
  } catch {
    // Full, or forbidden since: the caller keeps it in memory, and the learner is told.
    keepsOnDevice.value = false;
  }
  return keepsOnDevice.value;
}

function parse<Value>(text: string | null, read: (stored: unknown) => Value | null): Value | null {
  if (text === null) return null;
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
