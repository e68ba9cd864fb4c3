import { useEffect, useRef } from "preact/hooks";
import { LaunchOver } from "../components/LaunchOver";
import { Failed, Loading } from "../components/Loaded";
import { navigate, place } from "../router";
import { addressOf, fetchScreen } from "../routes";
import { watchHeight } from "../state/frame";
import { homesOf, launch } from "../state/launch";
import { enter } from "../state/launching";
import { useResource } from "../state/resource";

/** Where a launch from a course arrives, with a code in the address, and goes on from to what it is about. */
export function Launched() {
  const code = useRef<string | null>(null);
  const { resource, reload } = useResource("launch", () => {
    // What did not get through is tried again with the same code, which is in the address no more.
    code.current ??= takeCode();
    return goOn(code.current);
  });
  useEffect(() => {
    // Once, and for as long as the page lives, whatever it shows.
    if (launch.peek() === null) watchHeight();
  }, []);
  const state = resource.value;
  if (state.status === "failed") return <Failed failure={state.failure} retry={reload} />;
  if (state.status === "ready" && !state.data) return <LaunchOver />;
  return <Loading />;
}

/** Take the code out of the address, where others could read it. */
function takeCode(): string | null {
  const { pathname, search, hash } = place.peek();
  navigate(pathname + search, { replace: true });
  return hash.slice(1) || null;
}

function begin(home: string): void {
  const screen = addressOf(home);
  // Together with the question who is here; a failure is told when the screen is drawn.
  if (screen) void fetchScreen(screen.name).catch(() => undefined);
  navigate(home, { replace: true });
}

/** Go to what the launch is about; false where there is none. */
async function goOn(code: string | null): Promise<boolean> {
  const isThere = launch.peek() !== null || (code !== null && (await enter(code)));
  const opened = launch.peek();
  if (isThere && opened) begin(homesOf(opened)[0]?.address ?? "/");
  return isThere;
}
