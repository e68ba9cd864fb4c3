import type { Mastery } from "../api/types";
import { Estimate, SkillState } from "./Estimate";

type Standing = Mastery["skills"][number];

/** The skills of a mastery attempt in their order, each with how far it is in this attempt. */
export function SkillPath({ mastery }: { mastery: Mastery }) {
  const mastered = mastery.skills.filter((skill) => skill.state === "mastered").length;
  const isTraced = mastery.criterion === "probability";
  return (
    <section class="skill-path" aria-labelledby="skill-path">
      <h2 id="skill-path">
        {mastered} of {mastery.skills.length} skills mastered in this attempt
      </h2>
      <ol>
        {mastery.skills.map((skill) => (
          <li key={skill.slug} data-state={skill.state}>
            <span class="skill-path-title">{skill.title}</span>
            <State skill={skill} isTraced={isTraced} />
            {skill.state === "open" && <HowFar skill={skill} isTraced={isTraced} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface SkillProps {
  skill: Standing;
  isTraced: boolean;
}

function State({ skill, isTraced }: SkillProps) {
  const isOpen = skill.state === "open";
  // Where right answers are counted, no estimate decides, and none is told.
  if (isOpen && !isTraced) return <SkillState level="new" words="open" />;
  return <SkillState level={skill.level} words={skill.words} isLocked={skill.state === "locked"} />;
}

function HowFar({ skill, isTraced }: SkillProps) {
  if (isTraced) return <Estimate skill={skill} basis="after your last answer to it in this attempt" />;
  return (
    <span class="hint">
      {skill.counted === 0 ? "not tried yet" : `${skill.right} of the last ${skill.counted} right`}
    </span>
  );
}
