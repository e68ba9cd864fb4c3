import { Component, type ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Failed, Loading } from "./components/Loaded";
import { NotFound } from "./components/NotFound";
import { Shell } from "./components/Shell";
import { isArrival } from "./paths";
import { place } from "./router";
import { type Address, addressOf, fetchScreen, screenOf } from "./routes";
import { loadAgain, mayLoadAgain } from "./state/build";
import { loadMe, me } from "./state/session";

/**
 * The app: who is here is asked first, because every screen depends on it. Where a launch arrives there is nobody yet whom
 * the server could name.
 */
export function App() {
  const { pathname } = place.value;
  return (
    <Shell>
      <Fence key={pathname}>
        {me.value === null && !isArrival(pathname) ? <Welcome /> : <Shown pathname={pathname} />}
      </Fence>
    </Shell>
  );
}

function Welcome() {
  const [failure, setFailure] = useState<unknown>(null);
  const load = useCallback(() => {
    setFailure(null);
    loadMe().catch(setFailure);
  }, []);
  useEffect(load, [load]);
  return failure ? <Failed failure={failure} retry={load} /> : <Loading />;
}

function Shown({ pathname }: { pathname: string }) {
  const address = addressOf(pathname);
  return address === null ? <NotFound /> : <AddressedScreen address={address} />;
}

/**
 * The screen, and what stands there while its code is on its way. A newer build has taken it away where it cannot be had.
 *
 * One place for both: a screen that moved to another place would begin anew.
 */
function AddressedScreen({ address }: { address: Address }) {
  const [state, setState] = useState<"coming" | "there" | "replaced" | Failure>("coming");
  const retry = useCallback(() => void loadAgain().catch((failure: unknown) => setState({ failure })), []);
  useEffect(() => {
    const explain = async (failure: unknown) => {
      if (!(await mayLoadAgain())) throw failure;
      setState("replaced");
      location.reload();
    };
    fetchScreen(address.name)
      .then(() => setState("there"), explain)
      .catch((failure: unknown) => setState({ failure }));
  }, [address.name]);
  const screen = screenOf(address);
  if (screen) return screen;
  if (state === "replaced") return <Loading words="Assay has been updated: the page loads again." />;
  if (typeof state === "object") return <Failed failure={state.failure} retry={retry} />;
  return <Loading />;
}

interface Failure {
  failure: unknown;
}

/** Keeps a fault of one screen from taking the header and the way out with it. */
class Fence extends Component<{ children: ComponentChildren }, { failure: unknown }> {
  override state = { failure: null };

  override componentDidCatch(failure: unknown): void {
    this.setState({ failure });
  }

  render() {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return <Failed failure={failure} retry={() => location.reload()} />;
  }
}
