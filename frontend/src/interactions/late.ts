import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A component that is fetched when it is wanted; null until it is there. Without it the rest works all the same. */
export function useLate<Props>(
  fetch: () => Promise<ComponentType<Props>>,
  isWanted = true,
): ComponentType<Props> | null {
  // In an object: a component is a function, which a state would call.
  const [found, setFound] = useState<{ component: ComponentType<Props> } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (isWanted && !found)
      fetch().then(
        (component) => isCurrent && setFound({ component }),
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [fetch, isWanted, found]);
  return found?.component ?? null;
}
