import type { InteractionVerdict, Verdict } from "../api/types";
import { type Asked, Explained, RightAnswers } from "./Explained";
import { Html } from "./Html";
import { Check, Cross, Kept, Open, Partly, Unclear } from "./icons";
import { figure } from "./words";

/** What became of an answer. `recorded`: it counts, and the result is shown later; `open`: there is none. */
export type Outcome = "right" | "partly" | "wrong" | "invalid" | "recorded" | "open";

type Part = Pick<InteractionVerdict, "valid" | "score">;

/** The outcome of one interaction: a full score is right, none is wrong. */
export function outcomeOfPart({ valid, score }: Part): Outcome {
  return valid ? outcomeOfShare(score) : "invalid";
}

/** What a share of the whole amounts to; null is withheld. */
export function outcomeOfShare(share: number | null): Outcome {
  if (share === null) return "recorded";
  if (share >= 1) return "right";
  return share > 0 ? "partly" : "wrong";
}

/** The outcome of an answer as it was given. Its score may be lower than right sounds: tries can cost. */
export function outcomeOf({
  valid,
  correct,
  interactions,
}: Pick<Verdict, "valid" | "correct" | "interactions">): Outcome {
  if (!valid) return "invalid";
  if (correct === null) return "recorded";
  if (correct) return "right";
  return Object.values(interactions).some((part) => (part.score ?? 0) > 0) ? "partly" : "wrong";
}

export const OUTCOME_WORDS: Record<Outcome, string> = {
  right: "Right",
  partly: "Partly right",
  wrong: "Not right",
  invalid: "Not readable yet",
  recorded: "Recorded",
  open: "Not answered",
};

const ICONS: Record<Outcome, () => preact.VNode> = {
  right: Check,
  partly: Partly,
  wrong: Cross,
  invalid: Unclear,
  recorded: Kept,
  open: Open,
};

export function OutcomeIcon({ outcome }: { outcome: Outcome }) {
  const Icon = ICONS[outcome];
  return (
    <span class="outcome-icon" data-outcome={outcome}>
      <Icon />
    </span>
  );
}

/** The short verdict on one of several interactions, beside it. */
export function InteractionNote({ id, verdict }: { id: string; verdict: InteractionVerdict }) {
  const outcome = outcomeOfPart(verdict);
  return (
    <span class="note" id={id} data-outcome={outcome}>
      <OutcomeIcon outcome={outcome} /> {OUTCOME_WORDS[outcome]}
      {verdict.message && <>: {verdict.message}</>}
    </span>
  );
}

export interface VerdictPanelProps {
  verdict: Verdict;
  /** What was asked, and answered; without it the explanation names no part. */
  asked?: Asked;
  /** What follows from it, in a sentence: tries left, or that it cost none. */
  consequence: string;
  /** Whether anything is at stake. */
  withScore: boolean;
  /** Which verdict it is, where the page may hold several. */
  name?: string;
}

/** The verdict on an answer as an explanation: in words, color and shape. */
export function VerdictPanel({
  verdict,
  asked,
  consequence,
  withScore,
  name = "Verdict",
}: VerdictPanelProps) {
  const outcome = outcomeOf(verdict);
  const parts = Object.entries(verdict.interactions);
  const isSingle = parts.length === 1;
  return (
    <section class="verdict" data-outcome={outcome} aria-label={name} tabIndex={-1}>
      <p class="verdict-head">
        <OutcomeIcon outcome={outcome} />
        <strong>{OUTCOME_WORDS[outcome]}</strong>
        {withScore && verdict.score !== null && verdict.score > 0 && (
          <span class="verdict-score">
            {figure(verdict.score)} of {figure(verdict.max_score)}
          </span>
        )}
        {consequence && <span class="verdict-consequence">{consequence}</span>}
      </p>
      {parts.map(([id, part]) => (
        <Explained
          key={id}
          verdict={part}
          raw={asked?.interactions.find((one) => one.id === id)}
          typed={asked?.answer?.[id]}
          withMessage={isSingle}
        />
      ))}
      {verdict.feedback && <Html html={verdict.feedback} class="feedback" />}
      {asked && outcome !== "right" && (
        <RightAnswers interactions={asked.interactions} right={verdict.right} />
      )}
      {verdict.solution && (
        <Solution html={verdict.solution} isOpen={outcome === "wrong" || outcome === "partly"} />
      )}
    </section>
  );
}

/** The worked solution, folded where the answer was right already. */
export function Solution({ html, isOpen }: { html: string; isOpen: boolean }) {
  return (
    <details class="solution" open={isOpen}>
      <summary>Worked solution</summary>
      <Html html={html} />
    </details>
  );
}
