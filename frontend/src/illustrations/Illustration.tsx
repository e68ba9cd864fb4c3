import { type ComponentChild, type ComponentType, createElement } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Again } from "../components/icons";
import { useNearness } from "../components/nearness";
import { ILLUSTRATIONS } from "./index";
import type { IllustrationProps } from "./plug";

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
  const { element, isNear } = useNearness<HTMLElement>();
  const { drawn, hasFailed, retry } = useKind(kind, isNear);
  return (
    <figure class="illustration" id={id} ref={element} data-state={drawn ? "drawn" : "words"}>
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
