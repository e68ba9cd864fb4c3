import type { Assessment } from "../api/types";
import { count, percent } from "./words";

type Rules = Pick<
  Assessment,
  | "mode"
  | "item_count"
  | "time_limit_minutes"
  | "tries"
  | "penalty"
  | "feedback"
  | "attempts_allowed"
  | "attempts_left"
>;

/** The rules of delivery as sentences for the learner. */
export function rulesInWords(rules: Rules): string[] {
  return [length(rules), choice(rules), tries(rules), FEEDBACK[rules.feedback], attempts(rules), KEPT].filter(
    (rule) => rule !== "",
  );
}

function length({ mode, item_count, time_limit_minutes }: Rules): string {
  const questions = `${mode === "fixed" ? "" : "At most "}${count(item_count, "question")}`;
  if (time_limit_minutes === null) return `${questions}, and as much time as you like.`;
  return `${questions} in ${count(time_limit_minutes, "minute")}. The clock starts with the first one.`;
}

const choice = ({ mode }: Rules): string => CHOICE[mode];

const CHOICE: Record<Assessment["mode"], string> = {
  fixed: "",
  adaptive:
    "Each question is chosen by your answers so far, so that it is neither too easy nor too hard. There is no way back to an earlier one.",
  mastery:
    "One skill after the other: each opens when you have mastered what it builds on. It ends when all are mastered.",
};

function tries({ mode, tries, penalty, feedback }: Rules): string {
  if (feedback !== "immediate" && mode !== "adaptive")
    return "You can change an answer until you hand in; the last one counts.";
  if (tries === 1) return "One try for each question.";
  const allowed =
    tries === null
      ? "As many tries as you need for each question"
      : `${count(tries, "try", "tries")} for each question`;
  return penalty > 0
    ? `${allowed}. Each wrong one takes ${percent(penalty)} off its worth.`
    : `${allowed}, at no cost.`;
}

const FEEDBACK: Record<Assessment["feedback"], string> = {
  immediate: "You see at once whether an answer is right, and why.",
  at_end: "You see the results when you hand in.",
  after_close: "You see the results after the quiz has closed.",
};

function attempts({ attempts_allowed, attempts_left }: Rules): string {
  if (attempts_allowed === null) return "You can take it as often as you like.";
  if (attempts_left === null || attempts_left === attempts_allowed)
    return `You can take it ${attempts_allowed === 1 ? "once" : count(attempts_allowed, "time")}.`;
  return `${count(attempts_left, "attempt")} of ${attempts_allowed} left.`;
}

const KEPT = "Everything you enter is kept as you go. You can close the page and come back.";
