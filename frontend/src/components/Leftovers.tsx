import { useState } from "preact/hooks";
import type { Answer, ReviewEntry } from "../api/types";
import { drafts } from "../state/drafts";
import { outbox } from "../state/outbox";
import { isSame } from "../state/same";

interface Leftover {
  position: number;
  answer: Answer;
}

/** What was entered in an attempt and reached the server too late or never: it does not count, and is not hidden. */
export function Leftovers({ attempt, graded }: { attempt: string; graded: ReviewEntry[] }) {
  const [left, setLeft] = useState<Leftover[]>(() => leftIn(attempt, graded));
  if (left.length === 0) return null;
  const discard = () => {
    for (const { position } of left) {
      drafts.drop({ attempt, position });
      outbox.withdraw({ attempt, position });
    }
    setLeft([]);
  };
  return (
    <section class="aside leftovers" aria-labelledby="leftovers">
      <h2 id="leftovers">Came too late</h2>
      <p>
        This reached the server only after the end, or not at all, and does not count. It is kept on this
        device.
      </p>
      <ul>
        {left.map(({ position, answer }) => (
          <li key={position}>
            Question {position}: <q>{asText(answer)}</q>
          </li>
        ))}
      </ul>
      <button type="button" class="button quiet small" onClick={discard}>
        Discard
      </button>
    </section>
  );
}

/** A page that was left while sending could not note that it arrived: what was graded as it stands did. */
export function leftIn(attempt: string, graded: ReviewEntry[]): Leftover[] {
  const byPosition = new Map<number, Leftover>();
  for (const left of [...outbox.tooLateIn(attempt), ...drafts.leftIn(attempt)]) {
    const entry = graded.find(({ position }) => position === left.position);
    if (!isSame(entry?.answer, left.answer)) byPosition.set(left.position, left);
  }
  return [...byPosition.values()].sort((one, other) => one.position - other.position);
}

/** Everything that was entered, as one line. */
export const asText = (answer: unknown): string =>
  typeof answer === "object" && answer !== null
    ? Object.values(answer).map(asText).filter(Boolean).join(", ")
    : String(answer ?? "");
