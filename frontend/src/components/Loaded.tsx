import type { VNode } from "preact";
import { ApiFailure, ConnectionLost } from "../api/failure";
import type { Loaded as LoadedResource } from "../state/resource";
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

export const Loading = () => (
  <div class="loading" role="status">
    <span class="visually-hidden">Loading</span>
    <span class="loading-shape" aria-hidden="true" />
  </div>
);

/** The failure in words that help the learner, with a way on. */
export function explain(failure: unknown): string {
  if (failure instanceof ConnectionLost)
    return "The server cannot be reached. Check your connection, then try again.";
  if (!(failure instanceof ApiFailure)) return "Something went wrong on this page. Reload it, please.";
  if (failure.status === 401) return "You have been signed out. Sign in again; what you entered is kept.";
  if (failure.status === 429) return "That was a lot at once. Wait a moment, then try again.";
  if (failure.status >= 500) return "The server stumbled. Your work is safe; try again in a moment.";
  return failure.message;
}

export function Failed({ failure, retry }: { failure: unknown; retry: () => void }) {
  return (
    <div class="failed" role="alert">
      <h2>This did not work</h2>
      <p>{explain(failure)}</p>
      <button type="button" class="button" onClick={retry}>
        <Again /> Try again
      </button>
    </div>
  );
}
