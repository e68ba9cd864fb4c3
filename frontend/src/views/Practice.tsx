import { useEffect, useMemo, useRef } from "preact/hooks";
import { FailureNote } from "../components/FailureNote";
import { Hints } from "../components/Hints";
import { Item, isComplete } from "../components/Item";
import { Again } from "../components/icons";
import { Loaded } from "../components/Loaded";
import { Screen } from "../components/Screen";
import { OUTCOME_WORDS, outcomeOf, VerdictPanel } from "../components/Verdict";
import { count } from "../components/words";
import { announce } from "../state/announcer";
import { Practice as PracticeState } from "../state/practice";
import { useResource } from "../state/resource";

/** One exercise, as often as one likes, with other numbers each time. */
export function Practice({ slug }: { slug: string }) {
  const practice = useMemo(() => new PracticeState(slug), [slug]);
  return (
    <Loaded from={useResource(slug, () => practice.draw())}>{() => <Ready practice={practice} />}</Loaded>
  );
}

function Ready({ practice }: { practice: PracticeState }) {
  const variant = practice.variant.value;
  const verdict = practice.verdict.value;
  useNews(practice);
  if (!variant) return null;
  return (
    <Screen title={variant.title ?? "Practice"} class="practice narrow">
      <Streak length={practice.streak.value} />
      <article class="card item-card" key={variant.token}>
        <Item
          id="variant"
          body={variant.body}
          interactions={variant.interactions}
          figures={variant.figures}
          answer={practice.answer.value}
          disabled={practice.isOver.value || practice.busy.value}
          verdicts={verdict?.interactions ?? null}
          onChange={(interaction, value) => practice.change(interaction, value)}
          onSubmit={(answer) => void practice.check(answer)}
        >
          <Hints
            taken={variant.hints}
            available={variant.hints_available}
            isOpen={!practice.isOver.value}
            onTake={() => practice.takeHint().catch(practice.failed)}
          />
          {verdict && <VerdictPanel verdict={verdict} consequence="" withScore={false} />}
          <Actions practice={practice} />
        </Item>
      </article>
    </Screen>
  );
}

function Actions({ practice }: { practice: PracticeState }) {
  const isOver = practice.isOver.value;
  const complete = isComplete(practice.variant.value?.interactions ?? [], practice.answer.value);
  const another = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOver) another.current?.focus({ preventScroll: true });
  }, [isOver]);
  const draw = () => void practice.draw().catch(practice.failed);
  return (
    <div class="actions">
      <FailureNote failure={practice.failure.value} />
      {!isOver && (
        <button type="submit" class={complete ? "button" : "button quiet"} disabled={practice.busy.value}>
          Check
        </button>
      )}
      <button type="button" ref={another} class={isOver ? "button" : "button quiet"} onClick={draw}>
        <Again /> Another variant
      </button>
    </div>
  );
}

/** A row of shapes: one for each variant that was right at once. */
function Streak({ length }: { length: number }) {
  const words =
    length === 0
      ? "Right at the first go counts for your streak."
      : `${count(length, "variant")} in a row, right at the first go.`;
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

function useNews(practice: PracticeState): void {
  const verdict = practice.verdict.value;
  const drawn = practice.drawn.value;
  useEffect(() => {
    if (verdict) announce(OUTCOME_WORDS[outcomeOf(verdict)]);
  }, [verdict]);
  useEffect(() => {
    if (drawn > 1) {
      announce("Another variant, with other numbers.");
      document.querySelector<HTMLInputElement>("#variant input")?.focus();
    }
  }, [drawn]);
}
