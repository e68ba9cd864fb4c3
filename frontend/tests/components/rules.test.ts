import { describe, expect, it } from "vitest";
import { rulesInWords } from "../../src/components/rules";

const RULES = {
  mode: "fixed",
  item_count: 7,
  time_limit_minutes: 40,
  tries: 2,
  penalty: 0.3333,
  answers_may_change: false,
  feedback: "immediate",
  attempts_allowed: null,
  attempts_left: null,
  conditions: { layout: "one_question", tools: [], solution_on_request: false },
  closes_at: null,
  arranged: null,
} satisfies Parameters<typeof rulesInWords>[0];

const words = (changes: Partial<Parameters<typeof rulesInWords>[0]> = {}) =>
  rulesInWords({ ...RULES, ...changes }).join(" ");

describe("the rules of an assessment", () => {
  it("say how many questions there are and how long one has", () => {
    expect(words()).toContain("7 questions in 40 minutes.");
    expect(words({ item_count: 1, time_limit_minutes: null })).toContain(
      "1 question, and as much time as you like.",
    );
  });

  it("say what a wrong try costs", () => {
    expect(words()).toContain("2 tries for each question. Each wrong one takes a third off its worth.");
    expect(words({ penalty: 0.2 })).toContain("takes 20% off");
    expect(words({ penalty: 0 })).toContain("2 tries for each question, at no cost.");
    expect(words({ tries: 1 })).toContain("One try for each question.");
    expect(words({ tries: null, penalty: 0 })).toContain("As many tries as you need");
  });

  it("say when the verdicts come, and that answers may be changed until then", () => {
    expect(words({ feedback: "at_end", answers_may_change: true })).toContain(
      "You can change an answer until you hand in",
    );
    expect(words({ feedback: "after_close" })).toContain("after the quiz has closed");
  });

  it("say what lies on the page and beside the questions, where it is more than usual", () => {
    const usual = words();
    for (const word of ["one page", "calculator", "solution"]) expect(usual).not.toContain(word);
    const more = words({
      conditions: { layout: "one_page", tools: ["calculator", "scratchpad"], solution_on_request: true },
    });
    expect(more).toContain("7 questions on one page in 40 minutes.");
    expect(more).toContain("A calculator and a scratch pad lie beside the questions.");
    expect(more).toContain("you can ask for the solution; that closes the question.");
    const one = { layout: "one_question", tools: ["scratchpad"], solution_on_request: false } as const;
    expect(words({ conditions: { ...one, tools: [...one.tools] } })).toContain("A scratch pad lies beside");
  });

  it("say what was arranged for this learner, and nothing where it is as for all", () => {
    expect(words()).not.toContain("Arranged");
    const usual = { time_limit_minutes: 40, attempts_allowed: null, closes_at: null, tries: RULES.tries };
    expect(words({ arranged: usual })).not.toContain("Arranged");
    expect(words({ arranged: { ...usual, time_limit_minutes: 62.5 } })).toContain(
      "Arranged for you: 62.5 minutes.",
    );
    expect(words({ arranged: { ...usual, time_limit_minutes: null } })).toContain("no time limit.");
    const more = { time_limit_minutes: 60, attempts_allowed: 3, closes_at: null, tries: 4 };
    expect(words({ attempts_allowed: 2, arranged: more })).toContain(
      "60 minutes, 3 attempts, 4 tries for each question.",
    );
  });

  it("say how many attempts are left", () => {
    expect(words({ attempts_allowed: 1, attempts_left: 1 })).toContain("You can take it once.");
    expect(words({ attempts_allowed: 3, attempts_left: 1 })).toContain("1 attempt of 3 left.");
  });

  it("say of an adaptive assessment that each answer chooses the next question", () => {
    expect(words({ mode: "adaptive" })).toContain("At most 7 questions");
    expect(words({ mode: "adaptive" })).toContain("chosen by your answers so far");
    const withheld = words({ mode: "adaptive", feedback: "at_end", tries: 1 });
    expect(withheld).toContain("Your answer to a question is final");
    expect(withheld).not.toContain("until you hand in; the last one counts");
  });

  it("say nothing of tries where an answer may be changed", () => {
    for (const tries of [null, 1, 3]) {
      const changeable = words({ feedback: "at_end", answers_may_change: true, tries, penalty: 0.5 });
      expect(changeable).not.toMatch(/\btr(y|ies)\b|off its worth/);
    }
  });

  it("say of a mastery assessment that skills open one after the other", () => {
    expect(words({ mode: "mastery" })).toContain("At most 7 questions");
    expect(words({ mode: "mastery" })).toContain("the first answer tells how well you know the skill");
    expect(words({ mode: "mastery" })).toContain("each opens when you have mastered what it builds on");
  });
});
