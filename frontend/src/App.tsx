import { Component, type ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Failed, Loading } from "./components/Loaded";
import { Shell } from "./components/Shell";
import { place } from "./router";
import { screenAt } from "./routes";
import { loadMe, me } from "./state/session";

/** The app: who is here is asked first, because every screen depends on it. */
export function App() {
  return (
    <Shell>
      <Fence key={place.value.pathname}>
        {me.value === null ? <Welcome /> : screenAt(place.value.pathname)}
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
