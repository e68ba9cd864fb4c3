import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { ApiFailure, passesWithReconnection } from "../api/failure";
import { signInFrom } from "../paths";
import { place } from "../router";
import { launch } from "../state/launch";
import { onReconnect } from "../state/network";
import type { Loaded as LoadedResource } from "../state/resource";
import { explain } from "./explain";
import { Again } from "./icons";
import { NotFound } from "./NotFound";

interface Props<Data> {
  from: LoadedResource<Data>;
  children: (data: Data) => VNode;
}

/** Shows what was loaded, or that it is loading, or why it is not there and how to try again. */
export function Loaded<Data>({ from: { resource, reload }, children }: Props<Data>) {
  const state = resource.value;
  if (state.status === "loading") return <Loading />;
  if (state.status === "ready") return children(state.data);
  if (state.failure instanceof ApiFailure && state.failure.status === 404) return <NotFound />;
  return <Failed failure={state.failure} retry={reload} />;
}

/** After this the learner is told that it goes on. */
const LONG = 4000;

/** `words`: what is going on, where that is more than loading. */
export function Loading({ words }: { words?: string }) {
  const isLong = useLongWait(LONG);
  return (
    <div class="loading" role="status">
      <span class={isLong || words ? "loading-words" : "visually-hidden"}>
        {words ?? (isLong ? "Still loading: the server is slow to answer." : "Loading")}
      </span>
      <span class="loading-shape" aria-hidden="true" />
    </div>
  );
}

/** Whether the component has stood for so long. */
export function useLongWait(milliseconds: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isLong;
}

/** What could not be shown, why, and how to go on; it tries again by itself when the connection returns. */
export function Failed({ failure, retry }: { failure: unknown; retry: () => void }) {
  // Before it is painted: the connection may be back sooner.
  useLayoutEffect(() => (passesWithReconnection(failure) ? onReconnect(retry) : undefined), [failure, retry]);
  return (
    <div class="failed" role="alert">
      <h2>This did not work</h2>
      <p>{explain(failure)}</p>
      <div class="actions">
        <button type="button" class="button" onClick={retry}>
          <Again /> Try again
        </button>
        {mayNeedSignIn(failure) && (
          <a class="button quiet" href={signInFrom(place.value)}>
            Sign in
          </a>
        )}
      </div>
    </div>
  );
}

const mayNeedSignIn = (failure: unknown): boolean =>
  failure instanceof ApiFailure &&
  (failure.status === 401 || failure.status === 403) &&
  launch.value === null;
