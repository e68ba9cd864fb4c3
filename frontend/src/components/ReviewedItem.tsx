import type { ReviewEntry } from "../api/types";
import { Figures } from "../figures";
import { kindOf } from "../interactions";
import { AnotherLook } from "./AnotherLook";
import { CorrectedNote } from "./Corrected";
import { RightAnswers } from "./Explained";
import { Html } from "./Html";
import {
  OUTCOME_WORDS,
  type Outcome,
  OutcomeIcon,
  outcomeOf,
  outcomeOfShare,
  Solution,
  VerdictPanel,
} from "./Verdict";
import { figure } from "./words";

/**
 * An item of a finished attempt: what was asked, what was answered, what came of it. `withScore`: whether the item is
 * worth anything by itself.
 */
export function ReviewedItem({
  attempt,
  entry,
  withScore,
}: {
  attempt: string;
  entry: ReviewEntry;
  withScore: boolean;
}) {
  const { position, score, max_score, verdict, solution, interactions, answer, right, pending } = entry;
  const outcome = reviewed(entry);
  return (
    <details class="card reviewed" data-outcome={outcome} open={outcome !== "right"}>
      <summary>
        <OutcomeIcon outcome={outcome} />
        <span class="reviewed-title">Question {position}</span>
        <span class="reviewed-outcome">{OUTCOME_WORDS[outcome]}</span>
        {withScore && score !== null && (
          <span class="reviewed-score">
            {figure(score)} of {figure(max_score)}
          </span>
        )}
      </summary>
      <Answered entry={entry} />
      {entry.solution_seen && (
        <p class="pending-note">You asked for the solution, which closed this question.</p>
      )}
      {pending && <p class="pending-note">This answer is recorded and waits to be graded.</p>}
      {verdict && (
        <VerdictPanel
          verdict={{ ...verdict, solution: null, right: null }}
          asked={{ interactions, answer }}
          consequence=""
          withScore={false}
        />
      )}
      {entry.corrected && <CorrectedNote corrected={entry.corrected} />}
      {outcome !== "right" && <RightAnswers interactions={interactions} right={right} isMarked />}
      {solution && <Solution html={solution} isOpen={outcome !== "right"} />}
      <AnotherLook attempt={attempt} entry={entry} />
    </details>
  );
}

function reviewed({ answer, verdict, score, pending }: ReviewEntry): Outcome {
  if (answer === null) return "open";
  if (pending) return "recorded";
  return verdict ? outcomeOf(verdict) : outcomeOfShare(score);
}

/** The text of the item with what was entered in each place. */
function Answered({ entry }: { entry: ReviewEntry }) {
  const { interactions, answer, body, figures, right } = entry;
  const byId = new Map(interactions.map((one) => [one.id, one]));
  const place = (id: string) => {
    const raw = byId.get(id);
    if (!raw) return null;
    const kind = kindOf(raw);
    return (
      <span class={`answered ${kind.layout}`}>
        {kind.layout === "inline" && <span class="answered-label">Your answer</span>}
        {kind.answered(raw, answer?.[id], right?.[id])}
      </span>
    );
  };
  const isBlock = (id: string) => {
    const raw = byId.get(id);
    return raw !== undefined && kindOf(raw).layout === "block";
  };
  const before = <Figures figures={figures} />;
  return <Html html={body} class="stem" interaction={place} isBlock={isBlock} before={before} />;
}
