import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Practice } from "../state/practice";
import { isKnown } from "../state/session";
import { FailureNote } from "./FailureNote";
import { useNearness } from "./nearness";
import { PracticeItem } from "./PracticeItem";

/**
 * A question in the text of a lesson, by the practice of its item.
 *
 * A learner whom the server knows finds it open. For a mere reader it is drawn on demand: that makes a guest of them.
 */
export function CheckYourself({ slug, number }: { slug: string; number: number }) {
  const practice = useMemo(() => new Practice(slug), [slug]);
  const [state, setState] = useState<"closed" | "drawing" | "tried">("closed");
  const { element, isNear } = useNearness<HTMLElement>();
  const heading = useRef<HTMLHeadingElement>(null);
  const hasVariant = practice.variant.value !== null;
  const draw = async (isAsked: boolean) => {
    setState("drawing");
    practice.failed(null);
    await practice.begin().catch(practice.failed);
    setState("tried");
    // The button that was pressed is gone.
    if (isAsked) heading.current?.focus({ preventScroll: true });
  };
  // Only once: drawing makes a reader known, and what fails waits for the reader to try again.
  const opensByItself = isNear && isKnown.value && state === "closed";
  useEffect(() => {
    if (opensByItself) void draw(false);
  }, [opensByItself]);
  return (
    <article class="check-yourself" ref={element} aria-labelledby={`check-${slug}`}>
      <h3 id={`check-${slug}`} ref={heading} tabIndex={-1}>
        Check yourself
      </h3>
      {hasVariant ? (
        <PracticeItem practice={practice} id={`check-${slug}-item`} number={number} />
      ) : (
        <>
          <p class="hint">
            A question on what you have just read. Nothing is at stake, and the answer is explained.
          </p>
          <FailureNote failure={practice.failure.value} />
          <button
            type="button"
            class="button small"
            disabled={state === "drawing"}
            onClick={() => void draw(true)}
          >
            Show the question
          </button>
        </>
      )}
    </article>
  );
}
