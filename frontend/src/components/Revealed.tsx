import type { RawInteraction, Revealed as Solved } from "../api/types";
import { RightAnswers } from "./Explained";
import { Solution } from "./Verdict";

export interface RevealedProps {
  interactions: RawInteraction[];
  solved: Solved | null;
}

/** The solution that was asked for. */
export function Revealed({ interactions, solved }: RevealedProps) {
  if (solved === null) return null;
  return (
    <section class="revealed" aria-label="Solution" tabIndex={-1}>
      <RightAnswers interactions={interactions} right={solved.right} />
      {solved.solution && <Solution html={solved.solution} isOpen />}
    </section>
  );
}
