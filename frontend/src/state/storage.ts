/** A small typed corner of the browser's storage: one JSON value under each key of a namespace. */
export interface Shelf<Value> {
  put(key: string, value: Value): void;
  get(key: string): Value | null;
  remove(key: string): void;
  entries(): [string, Value][];
}

/**
 * Return a shelf in `storage` that survives a reload and a crash.
 *
 * Written synchronously, so that a value is kept before the request that carries it leaves. `read` checks what comes
 * back, because another version of the app may have written it.
 */
export function shelf<Value>(
  storage: Storage,
  namespace: string,
  read: (stored: unknown) => Value | null,
): Shelf<Value> {
  const prefix = `assay.${namespace}.`;
  const get = (key: string): Value | null => parse(storage.getItem(prefix + key), read);
  return {
    get,
    put: (key, value) => storage.setItem(prefix + key, JSON.stringify(value)),
    remove: (key) => storage.removeItem(prefix + key),
    entries: () =>
      Object.keys(storage)
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length))
        .flatMap((key): [string, Value][] => {
          const value = get(key);
          return value === null ? [] : [[key, value]];
        }),
  };
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
