import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";

export type Resource<Data> =
  | { status: "loading" }
  | { status: "failed"; failure: unknown }
  | { status: "ready"; data: Data };

export interface Loaded<Data> {
  resource: ReadonlySignal<Resource<Data>>;
  reload: () => void;
}

/** Load something when `key` changes, and again on demand. A reply that comes after the next question is ignored. */
export function useResource<Data>(key: string, load: () => Promise<Data>): Loaded<Data> {
  const resource = useSignal<Resource<Data>>({ status: "loading" });
  const round = useSignal(0);
  // `key` stands for everything that `load` closes over.
  useEffect(() => {
    let current = true;
    const settle = (next: Resource<Data>) => {
      if (current) resource.value = next;
    };
    resource.value = { status: "loading" };
    load().then(
      (data) => settle({ status: "ready", data }),
      (failure: unknown) => settle({ status: "failed", failure }),
    );
    return () => {
      current = false;
    };
  }, [key, round.value]);
  const reload = useCallback(() => {
    round.value += 1;
  }, [round]);
  return { resource, reload };
}
