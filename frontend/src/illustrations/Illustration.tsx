import { type ComponentChild, type ComponentType, createElement } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Again } from "../components/icons";
import { ILLUSTRATIONS } from "./index";
import type { IllustrationProps } from "./plug";

/** A figure is fetched when it is this near, so that it stands there when the reader arrives. */
const NEAR = "900px 0px";

export interface FigureInText {
  id: string;
  kind: string;
  settings: unknown;
  caption: ComponentChild;
  /** What the figure shows, for those who do not see it. */
  words: ComponentChild;
}

/** A figure in the text of a lesson: its words until it has been fetched, and beside it from then on. */
export function Illustration({ id, kind, settings, caption, words }: FigureInText) {
  const [figure, isNear] = useNearness();
  const { drawn, hasFailed, retry } = useKind(kind, isNear);
  return (
    <figure class="illustration" id={id} ref={figure} data-state={drawn ? "drawn" : "words"}>
      {drawn && createElement(drawn, { settings, id })}
      {drawn ? (
        <details class="illustration-words">
          <summary>In words</summary>
          {words}
        </details>
      ) : (
        <div class="illustration-words">{words}</div>
      )}
      {hasFailed && (
        <p class="illustration-failed" role="status">
          The figure could not be loaded.{" "}
          <button type="button" class="button quiet small" onClick={retry}>
            <Again /> Try again
          </button>
        </p>
      )}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** Whether an element has come near the window; once near, always. */
function useNearness(): [element: { current: HTMLElement | null }, isNear: boolean] {
  const element = useRef<HTMLElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setNear(true),
      { rootMargin: NEAR },
    );
    observer.observe(element.current);
    const whenPrinted = () => setNear(true);
    addEventListener("beforeprint", whenPrinted);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", whenPrinted);
    };
  }, []);
  return [element, isNear];
}

type Drawn = ComponentType<IllustrationProps<unknown>>;

function useKind(kind: string, isWanted: boolean) {
  // In an object: a component is a function, which a state would call.
  const [found, setFound] = useState<{ drawn: Drawn } | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const fetch = useCallback(() => {
    setFailed(false);
    ILLUSTRATIONS[kind]?.().then(
      (drawn) => setFound({ drawn }),
      () => setFailed(true),
    );
  }, [kind]);
  useEffect(() => {
    if (isWanted) fetch();
  }, [isWanted, fetch]);
  return { drawn: found?.drawn ?? null, hasFailed, retry: fetch };
}
