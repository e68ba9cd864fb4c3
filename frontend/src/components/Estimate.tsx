import type { SkillProgress } from "../api/types";
import { Band } from "./Band";
import { percent } from "./words";

type Level = SkillProgress["level"];
type Numbers = Pick<SkillProgress, "title" | "probability" | "low" | "high">;

interface StateProps {
  level: Level;
  /** The level as the server words it. */
  words: string;
  isLocked?: boolean;
}

/** How a skill stands: a shape that fills up, and becomes a diamond when it is mastered, beside its word. */
export const SkillState = ({ level, words, isLocked = false }: StateProps) => (
  <span class="skill-state" data-level={level}>
    <svg class="skill-shape" viewBox="0 0 20 20" aria-hidden="true">
      {isLocked ? <circle class="later" cx="10" cy="10" r="6.5" /> : SHAPES[level]}
    </svg>
    {isLocked ? "later" : words}
  </span>
);

const SHAPES: Record<Level, preact.VNode> = {
  new: <circle cx="10" cy="10" r="6.5" />,
  not_yet: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <circle class="full" cx="10" cy="10" r="2" />
    </>
  ),
  shaky: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path class="full" d="M10 3.5a6.5 6.5 0 0 1 0 13z" />
    </>
  ),
  nearly: <circle class="full" cx="10" cy="10" r="6.5" />,
  mastered: <path class="full" d="M10 1.5 18.5 10 10 18.5 1.5 10z" />,
};

interface EstimateProps {
  skill: Numbers;
  /** What the numbers rest on, as in `from 3 answers`. */
  basis: string;
  /** What else is told to who asks. */
  children?: preact.ComponentChildren;
}

/** The band of an estimate, and its numbers for who asks; no band where nothing was answered. */
export function Estimate({ skill: { title, probability, low, high }, basis, children }: EstimateProps) {
  const isKnown = probability !== null && low !== null && high !== null;
  if (!isKnown && !children) return null;
  return (
    <div class="estimate">
      {isKnown && <Band probability={probability} low={low} high={high} />}
      <details>
        <summary>
          {isKnown ? "How sure?" : "More"}
          <span class="visually-hidden"> {title}</span>
        </summary>
        {isKnown && (
          <p class="hint">
            Known with {percent(probability)}, and between {percent(low)} and {percent(high)} with a certainty
            of 90%, {basis}.
          </p>
        )}
        {children}
      </details>
    </div>
  );
}
