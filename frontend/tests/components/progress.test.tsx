import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LessonProgress, SkillProgress } from "../../src/api/types";
import { Estimate, SkillState } from "../../src/components/Estimate";
import { outcome } from "../../src/components/History";
import { addressOf, NextStep } from "../../src/components/NextStep";
import { Ring } from "../../src/components/Ring";
import { SkillMap } from "../../src/components/SkillMap";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
});

const show = (element: preact.VNode) => act(() => render(element, root));

const skill = (slug: string, more: Partial<SkillProgress> = {}): SkillProgress => ({
  slug,
  title: slug,
  level: "new",
  words: "not practiced yet",
  probability: null,
  low: null,
  high: null,
  count: 0,
  ready: false,
  is_locked: false,
  prerequisites: [],
  review_at: null,
  exercise: null,
  ...more,
});

const lesson = (slug: string, skills: string[]): LessonProgress => ({
  slug,
  title: slug,
  skills,
  skills_known: 0,
  skills_mastered: 0,
  skills_total: skills.length,
  best: [],
});

describe("the next step", () => {
  it.each([
    ["review", "x", null, "/practice/x"],
    ["practice", "x", null, "/practice/x"],
    ["assessment", "x", null, "/assessments/x"],
    ["assessment", "x", "a1", "/attempts/a1"],
    ["lesson", "x", null, "/lessons/x"],
    ["nothing", null, null, "/"],
  ] as const)("of the kind %s leads to its place", (kind, slug, attempt, address) => {
    expect(addressOf({ kind, slug, attempt })).toBe(address);
  });

  it("has one link, and says why", () => {
    show(<NextStep step={{ kind: "review", title: "T", why: "Because.", slug: "x", attempt: null }} />);
    expect(root.querySelectorAll("a")).toHaveLength(1);
    expect(root.textContent).toContain("Look again: T");
    expect(root.textContent).toContain("Because.");
  });
});

describe("the map of skills", () => {
  const known = { level: "nearly", words: "probably known", probability: 0.8, low: 0.5, high: 0.9 } as const;

  it("groups by lesson, keeps the order it was given, and puts the rest last", () => {
    const skills = [skill("a", { ...known, count: 3 }), skill("b"), skill("c")];
    show(<SkillMap skills={skills} lessons={[lesson("L", ["a", "b"])]} />);
    const headings = [...root.querySelectorAll("h3")].map((one) => one.textContent);
    const listed = [...root.querySelectorAll(".skill-title")].map((one) => one.textContent);
    expect(headings).toEqual(["L", "Other skills"]);
    expect(listed).toEqual(["a", "b", "c"]);
    expect(root.textContent).toContain("0 mastered, 1 probably known, of 2 skills");
  });

  it("says what opens what, and what a locked skill waits for", () => {
    const locked = skill("b", { is_locked: true, prerequisites: [{ slug: "a", title: "a" }] });
    show(<SkillMap skills={[skill("a"), locked]} lessons={[]} />);
    const [first, second] = [...root.querySelectorAll("li")].map((one) => one.textContent);
    expect(first).toContain("Opens: b");
    expect(second).toContain("later, after a");
  });

  it("has a link to practice only where there is something to practice", () => {
    const open = skill("a", { exercise: { slug: "a-it", title: "A" } });
    show(<SkillMap skills={[open, skill("b")]} lessons={[]} />);
    const links = [...root.querySelectorAll("a")].map((one) => [one.textContent, one.getAttribute("href")]);
    expect(links).toEqual([["Practice a", "/practice/a-it"]]);
    expect(root.textContent).toContain("no exercise now");
  });
});

describe("an estimate", () => {
  it("keeps its numbers for who asks, and has none before an answer", () => {
    show(
      <Estimate skill={skill("a", { probability: 0.714, low: 0.43, high: 0.94 })} basis="from 1 answer" />,
    );
    expect(root.querySelector("details")?.open).toBe(false);
    expect(root.querySelector("details p")?.textContent).toMatch(
      /Known with 71%, .*43% and 94%.*from 1 answer/,
    );
    show(<Estimate skill={skill("a")} basis="from 0 answers" />);
    expect(root.textContent).toBe("");
  });

  it("has another shape for every level, so that no color has to tell", () => {
    const levels = ["new", "not_yet", "shaky", "nearly", "mastered"] as const;
    const shapes = levels.map((level) => {
      show(<SkillState level={level} words={level} />);
      return root.querySelector("svg")?.innerHTML;
    });
    show(<SkillState level="new" words="new" isLocked />);
    shapes.push(root.querySelector("svg")?.innerHTML);
    expect(new Set(shapes).size).toBe(levels.length + 1);
    expect(root.textContent).toBe("later");
  });
});

describe("the outcome of an attempt", () => {
  const result = { passed: true, level: null, words: "7 of 10 points." };
  it.each([
    [{ state: "submitted", is_void: true, result }, "does not count"],
    [{ state: "open", is_void: false, result: null }, "still open"],
    [{ state: "grading", is_void: false, result: null }, "time is up, being graded"],
    [{ state: "submitted", is_void: false, result: null }, "the result is shown later"],
    [{ state: "expired", is_void: false, result }, "Passed. 7 of 10 points."],
    [
      { state: "submitted", is_void: false, result: { ...result, passed: false } },
      "Not passed. 7 of 10 points.",
    ],
    [
      {
        state: "submitted",
        is_void: false,
        result: { passed: null, level: "B1", words: "About 60 of 100." },
      },
      "Level: B1. About 60 of 100.",
    ],
  ] as const)("is said in words: %o", (attempt, words) => {
    expect(outcome(attempt)).toBe(words);
  });
});

describe("a ring", () => {
  const arc = () => Number(root.querySelector(".ring-arc")?.getAttribute("stroke-dasharray")?.split(" ")[0]);

  it("shows a share as an arc, everything without a notch, and nothing as none", () => {
    show(<Ring share={0.25} label="a quarter" />);
    expect(arc()).toBe(25);
    show(<Ring share={1} label="everything" />);
    expect(arc()).toBeGreaterThan(100);
    show(<Ring share={0} label="nothing" />);
    expect(root.querySelector(".ring-arc")).toBeNull();
  });
});
