import type { LessonProgress, Link, Progress, SkillProgress } from "../api/types";
import { Estimate, SkillState } from "./Estimate";
import { PracticeLink } from "./PracticeLink";
import { count } from "./words";

type Skills = ReadonlyMap<string, SkillProgress>;

/** All skills by lesson, each after what it builds on; what belongs to no lesson comes last. */
export function SkillMap({ skills, lessons }: Pick<Progress, "skills" | "lessons">) {
  const bySlug: Skills = new Map(skills.map((skill) => [skill.slug, skill]));
  const taught = new Set(lessons.flatMap((lesson) => lesson.skills));
  const others = skills.filter((skill) => !taught.has(skill.slug));
  return (
    <section class="skill-map" aria-labelledby="skills">
      <h2 id="skills">Skills</h2>
      <p class="hint">
        Each skill stands after those it builds on. The mark on a line is our best estimate that you have it
        today, the band how far off that may be: it narrows with every answer.
      </p>
      {lessons.map((lesson, place) => (
        <LessonGroup key={lesson.slug} lesson={lesson} skills={bySlug} isOpen={place === 0} />
      ))}
      {others.length > 0 && (
        <Group title="Other skills" summary={countsOf(others)} isOpen={lessons.length === 0}>
          <SkillList members={others} skills={bySlug} />
        </Group>
      )}
    </section>
  );
}

function LessonGroup({
  lesson,
  skills,
  isOpen,
}: {
  lesson: LessonProgress;
  skills: Skills;
  isOpen: boolean;
}) {
  const members = lesson.skills.flatMap((slug) => skills.get(slug) ?? []);
  return (
    <Group title={lesson.title} summary={countsOf(members)} isOpen={isOpen}>
      <p class="lesson-ways">
        <a href={`/lessons/${lesson.slug}`}>Read the lesson</a>
      </p>
      <Best best={lesson.best} />
      <SkillList members={members} skills={skills} />
    </Group>
  );
}

interface GroupProps {
  title: string;
  summary: string;
  isOpen: boolean;
  children: preact.ComponentChildren;
}

const Group = ({ title, summary, isOpen, children }: GroupProps) => (
  <details class="skill-group" open={isOpen}>
    <summary>
      <h3>{title}</h3> <span class="hint">{summary}</span>
    </summary>
    {children}
  </details>
);

/** How many of the listed skills stand how. */
function countsOf(members: SkillProgress[]): string {
  const at = (level: SkillProgress["level"]) => members.filter((one) => one.level === level).length;
  return `${at("mastered")} mastered, ${at("nearly")} probably known, of ${count(members.length, "skill")}`;
}

const Best = ({ best }: Pick<LessonProgress, "best">) =>
  best.length === 0 ? null : (
    <ul class="best-attempts">
      {best.map(({ assessment, attempt, result }) => (
        <li key={attempt}>
          Best at <a href={`/attempts/${attempt}/result`}>{assessment.title}</a>: {result.words}
        </li>
      ))}
    </ul>
  );

const SkillList = ({ members, skills }: { members: SkillProgress[]; skills: Skills }) => (
  <ol class="skills">
    {members.map((skill) => (
      <Skill key={skill.slug} skill={skill} skills={skills} />
    ))}
  </ol>
);

function Skill({ skill, skills }: { skill: SkillProgress; skills: Skills }) {
  const { level, words, is_locked, prerequisites } = skill;
  const opens = [...skills.values()].filter((one) =>
    one.prerequisites.some(({ slug }) => slug === skill.slug),
  );
  const isTied = prerequisites.length + opens.length > 0;
  return (
    <li class="skill" data-level={level}>
      <div class="skill-words">
        <span class="skill-title">{skill.title}</span>
        <SkillState level={level} words={words} isLocked={is_locked} />
        {is_locked && <span class="hint">, after {titles(prerequisites)}</span>}
      </div>
      <PracticeLink exercise={skill.exercise} about={skill.title} />
      <Estimate skill={skill} basis={`from ${count(skill.count, "answer")}`}>
        {isTied && (
          <>
            <Ties label="Builds on" ends={prerequisites} />
            <Ties label="Opens" ends={opens} />
          </>
        )}
      </Estimate>
    </li>
  );
}

const titles = (links: Link[]): string => links.map(({ title }) => title).join(", ");

const Ties = ({ label, ends }: { label: string; ends: Link[] }) =>
  ends.length === 0 ? null : (
    <p class="hint">
      {label}: {titles(ends)}
    </p>
  );
