import { useEffect, useRef } from "preact/hooks";
import type { Variant } from "../api/types";
import { announce } from "../state/announcer";
import type { Practice } from "../state/practice";
import { useSingleKey } from "../state/shortcuts";
import { FailureNote } from "./FailureNote";
import { Hints } from "./Hints";
import { Item, isComplete } from "./Item";
import { Again } from "./icons";
import { Revealed } from "./Revealed";
import { OUTCOME_WORDS, outcomeOf, VerdictPanel } from "./Verdict";

export interface PracticeItemProps {
  practice: Practice;
  /** Unique on the page. */
  id: string;
  /** Its number on a page that asks several; without one it is all that the page asks. */
  number?: number;
}

/** The variant of a practice with its inputs, hints and verdict, and the way to another one. */
export function PracticeItem({ practice, id, number }: PracticeItemProps) {
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
      locale={variant.locale}
      answer={practice.answer.value}
      disabled={practice.isOver.value || practice.busy.value}
      verdicts={verdict?.interactions ?? null}
      takesKeys={number === undefined}
      onChange={(interaction, value) => practice.change(interaction, value)}
      onSubmit={(answer) => void practice.check(answer)}
    >
      <Hints
        taken={variant.hints}
        available={variant.hints_available}
        isOpen={!practice.isOver.value}
        takesKeys={number === undefined}
        onTake={() => practice.takeHint().catch(practice.failed)}
      />
      {verdict && (
        <VerdictPanel
          verdict={verdict}
          asked={{ interactions: variant.interactions, answer: practice.checked.value }}
          consequence={consequence(practice, variant)}
          withScore={false}
          {...(number !== undefined && { name: `Verdict on question ${number}` })}
        />
      )}
      <Revealed interactions={variant.interactions} solved={practice.solution.value} />
      <Actions practice={practice} id={id} takesKeys={number === undefined} />
    </Item>
  );
}

/** What a verdict means for what comes next: there is a way on before the solution. */
function consequence(practice: Practice, variant: Variant): string {
  if (practice.isOver.value || !practice.wasWrong.value) return "";
  return variant.hints.length < variant.hints_available ? "Try again, or take a hint." : "Try again.";
}

interface ActionsProps extends Pick<PracticeItemProps, "practice" | "id"> {
  takesKeys: boolean;
}

function Actions({ practice, id, takesKeys }: ActionsProps) {
  const isOver = practice.isOver.value;
  const variant = practice.variant.value;
  const complete = isComplete(variant?.interactions ?? [], practice.answer.value);
  const another = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const told = document.querySelector<HTMLElement>(`#${id} :is(.revealed, .verdict)`);
    if (isOver) (another.current ?? told)?.focus({ preventScroll: true });
  }, [isOver, id]);
  const draw = () => void practice.draw().catch(practice.failed);
  const isDrawn = variant?.exercise.is_drawn ?? false;
  useSingleKey("n", takesKeys && isOver && isDrawn ? draw : null);
  const reveal = () => void practice.showSolution().catch(practice.failed);
  // Whoever has tried, or has had every hint, need not go on guessing.
  const isStuck = practice.wasWrong.value || variant?.hints.length === variant?.hints_available;
  return (
    <div class="actions">
      <FailureNote failure={practice.failure.value} />
      {!isOver && (
        <button type="submit" class={complete ? "button" : "button quiet"} disabled={practice.busy.value}>
          Check
        </button>
      )}
      {!isOver && isStuck && (
        <button type="button" class="button quiet" onClick={reveal}>
          Show the solution
        </button>
      )}
      {isDrawn && (
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
  // The same answer may be told of once more, in other words.
  useEffect(() => {
    if (verdict) announce(OUTCOME_WORDS[outcomeOf(verdict)]);
  }, [verdict?.id]);
  useEffect(() => {
    if (drawn > 1) {
      announce("Another variant, with other numbers.");
      document.querySelector<HTMLInputElement>(`#${id} input`)?.focus();
    }
  }, [drawn, id]);
}
