import { useMemo } from "preact/hooks";
import { Loaded } from "../components/Loaded";
import { PracticeItem } from "../components/PracticeItem";
import { Screen } from "../components/Screen";
import { count } from "../components/words";
import { Practice as PracticeState } from "../state/practice";
import { useResource } from "../state/resource";
import { type Tool, Tools } from "../tools/Tools";

/** Nothing is at stake here. */
const EVERY_TOOL: Tool[] = ["calculator", "scratchpad"];

/** One exercise, as often as one likes, with other numbers each time. */
export function Practice({ slug }: { slug: string }) {
  const practice = useMemo(() => new PracticeState(slug), [slug]);
  return (
    <Loaded from={useResource(slug, () => practice.begin())}>{() => <Ready practice={practice} />}</Loaded>
  );
}

function Ready({ practice }: { practice: PracticeState }) {
  const variant = practice.variant.value;
  if (!variant) return null;
  return (
    <Screen title={variant.title ?? "Practice"} class="practice narrow">
      {variant.lesson && (
        <p class="way-back">
          <a href={`/lessons/${variant.lesson.slug}`}>← {variant.lesson.title}</a>
        </p>
      )}
      <Tools tools={EVERY_TOOL} subject="practice" />
      {variant.exercise.is_drawn && <Streak length={practice.streak.value} />}
      <article class="card item-card" key={variant.token}>
        <PracticeItem practice={practice} id="variant" />
      </article>
      {practice.isOver.value && variant.following && (
        <p class="way-on">
          Or go on with <a href={`/practice/${variant.following.slug}`}>{variant.following.title}</a>.
        </p>
      )}
    </Screen>
  );
}

/** A row of shapes: one for each variant that was right at once. */
function Streak({ length }: { length: number }) {
  const words =
    length === 0
      ? "An exercise that is right on the first try counts for your streak."
      : `${count(length, "variant")} in a row, right on the first try.`;
  return (
    <p class="streak">
      <span class="streak-shapes" aria-hidden="true">
        {Array.from({ length: 5 }, (_, index) => (
          <span key={index} data-done={index < ((length - 1) % 5) + 1 && length > 0} />
        ))}
      </span>
      {words}
    </p>
  );
}
