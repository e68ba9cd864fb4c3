import type { Assessment, Conditions } from "../api/types";
import { capitalised, count, moment, percent } from "./words";

type Rules = Pick<
  Assessment,
  | "mode"
  | "item_count"
  | "time_limit_minutes"
  | "tries"
  | "penalty"
  | "answers_may_change"
  | "feedback"
  | "attempts_allowed"
  | "attempts_left"
  | "conditions"
  | "closes_at"
  | "arranged"
>;

/** The rules of delivery as sentences for the learner, each thing once. */
export function rulesInWords(rules: Rules): string[] {
  const sentences = [
    length(rules),
    choice(rules),
    tries(rules),
    verdicts(rules),
    solutions(rules),
    tools(rules),
    attempts(rules),
    arranged(rules),
    KEPT,
  ];
  return sentences.filter((rule) => rule !== "");
}

function length({ mode, item_count, time_limit_minutes, conditions }: Rules): string {
  const questions = `${mode === "fixed" ? "" : "At most "}${count(item_count, "question")}`;
  const where = conditions.layout === "one_page" ? " on one page" : "";
  if (time_limit_minutes === null) return `${questions}${where}, and as much time as you like.`;
  return `${questions}${where} in ${count(time_limit_minutes, "minute")}. The clock starts with the first one.`;
}

const choice = ({ mode }: Rules): string => CHOICE[mode];

const CHOICE: Record<Assessment["mode"], string> = {
  fixed: "",
  adaptive:
    "Each question is chosen by your answers so far, so that it is neither too easy nor too hard. There is no way back to an earlier one.",
  mastery:
    "One skill after the other: each opens when you have mastered what it builds on. It ends when all are mastered.",
};

function tries({ mode, tries, penalty, answers_may_change }: Rules): string {
  if (answers_may_change) return "You can change an answer until you hand in; the last one counts.";
  if (mode === "adaptive") return "Your answer to a question is final: you cannot change it.";
  if (tries === 1) return "One try for each question.";
  const allowed =
    tries === null
      ? "As many tries as you need for each question"
      : `${count(tries, "try", "tries")} for each question`;
  if (mode === "mastery") return `${allowed}; the first answer tells how well you know the skill.`;
  return penalty > 0
    ? `${allowed}. Each wrong one takes ${share(penalty)} off its worth.`
    : `${allowed}, at no cost.`;
}

const FRACTIONS: Record<string, string> = {
  "25%": "a quarter",
  "33%": "a third",
  "50%": "half",
  "100%": "all",
};

/** A share as people say it: a third, not 33%. */
const share = (part: number): string => FRACTIONS[percent(part)] ?? percent(part);

function verdicts({ mode, feedback }: Rules): string {
  if (feedback === "immediate") return "You see at once whether an answer is right, and why.";
  if (feedback === "after_close") return "You see the results after the quiz has closed.";
  return mode === "fixed"
    ? "You see the results when you hand in."
    : "You see the results when it has ended.";
}

const solutions = ({ conditions }: Rules): string =>
  conditions.solution_on_request
    ? "When you are stuck, you can ask for the solution; that closes the question."
    : "";

const TOOLS: Record<Conditions["tools"][number], string> = {
  calculator: "a calculator",
  scratchpad: "a scratch pad",
};

function tools({ conditions }: Rules): string {
  if (conditions.tools.length === 0) return "";
  const named = conditions.tools.map((tool) => TOOLS[tool]).join(" and ");
  return `${capitalised(named)} ${conditions.tools.length === 1 ? "lies" : "lie"} beside the questions.`;
}

function attempts({ attempts_allowed, attempts_left }: Rules): string {
  if (attempts_allowed === null) return "You can take it as often as you like.";
  if (attempts_left === null || attempts_left === attempts_allowed)
    return `You can take it ${attempts_allowed === 1 ? "once" : count(attempts_allowed, "time")}.`;
  return `${count(attempts_left, "attempt")} of ${attempts_allowed} left.`;
}

/** What was arranged for this learner, where it is more than for others. */
function arranged(rules: Rules): string {
  const mine = rules.arranged;
  if (mine === null) return "";
  const parts: string[] = [];
  if (mine.time_limit_minutes !== rules.time_limit_minutes)
    parts.push(
      mine.time_limit_minutes === null ? "no time limit" : count(figureOf(mine.time_limit_minutes), "minute"),
    );
  if (mine.attempts_allowed !== rules.attempts_allowed && mine.attempts_allowed !== null)
    parts.push(count(mine.attempts_allowed, "attempt"));
  if (mine.tries !== rules.tries && mine.tries !== null)
    parts.push(`${count(mine.tries, "try", "tries")} for each question`);
  if (mine.closes_at !== rules.closes_at && mine.closes_at !== null)
    parts.push(`open until ${moment(mine.closes_at)}`);
  return parts.length > 0 ? `Arranged for you: ${parts.join(", ")}.` : "";
}

/** Minutes as a clock shows them: a half one counts. */
const figureOf = (minutes: number): number => Math.round(10 * minutes) / 10;

const KEPT = "Everything you enter is kept as you go. You can close the page and come back.";
