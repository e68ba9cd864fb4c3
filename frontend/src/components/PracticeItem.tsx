import { useEffect, useRef } from "preact/hooks";
import { announce } from "../state/announcer";
import type { Practice } from "../state/practice";
import { FailureNote } from "./FailureNote";
import { Hints } from "./Hints";
import { Item, isComplete } from "./Item";
import { Again } from "./icons";
import { OUTCOME_WORDS, outcomeOf, VerdictPanel } from "./Verdict";

export interface PracticeItemProps {
  practice: Practice;
  /** Unique on the page. */
  id: string;
  /** Whether it is all that the page asks. */
  isAlone: boolean;
}

/** The variant of a practice with its inputs, hints and verdict, and the way to another one. */
export function PracticeItem({ practice, id, isAlone }: PracticeItemProps) {
  const variant = practice.variant.value;
  const verdict = practice.verdict.value;
  useNews(practice, id);
  if (!variant) return null;
  return (
    <Item
      id={id}
      key={variant.token}
      body={variant.body}
      interactions={variant.interactions}
      figures={variant.figures}
      answer={practice.answer.value}
      disabled={practice.isOver.value || practice.busy.value}
      verdicts={verdict?.interactions ?? null}
      takesKeys={isAlone}
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
      <Actions practice={practice} id={id} />
    </Item>
  );
}

function Actions({ practice, id }: Pick<PracticeItemProps, "practice" | "id">) {
  const isOver = practice.isOver.value;
  const variant = practice.variant.value;
  const complete = isComplete(variant?.interactions ?? [], practice.answer.value);
  const another = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const verdict = document.querySelector<HTMLElement>(`#${id} .verdict`);
    if (isOver) (another.current ?? verdict)?.focus({ preventScroll: true });
  }, [isOver, id]);
  const draw = () => void practice.draw().catch(practice.failed);
  return (
    <div class="actions">
      <FailureNote failure={practice.failure.value} />
      {!isOver && (
        <button type="submit" class={complete ? "button" : "button quiet"} disabled={practice.busy.value}>
          Check
        </button>
      )}
      {variant?.exercise.is_drawn && (
        <button type="button" ref={another} class={isOver ? "button" : "button quiet"} onClick={draw}>
          <Again /> Another variant
        </button>
      )}
    </div>
  );
}

function useNews(practice: Practice, id: string): void {
  const verdict = practice.verdict.value;
  const drawn = practice.drawn.value;
  useEffect(() => {
    if (verdict) announce(OUTCOME_WORDS[outcomeOf(verdict)]);
  }, [verdict]);
  useEffect(() => {
    if (drawn > 1) {
      announce("Another variant, with other numbers.");
      document.querySelector<HTMLInputElement>(`#${id} input`)?.focus();
    }
  }, [drawn, id]);
}
