import type { Mastery } from "../api/types";
import { Band } from "./Band";

type Standing = Mastery["skills"][number];

const STATES: Record<Standing["state"], string> = {
  mastered: "mastered",
  open: "open",
  locked: "later",
};

/** The skills of a mastery attempt in their order, each with how far it is. */
export function SkillPath({ mastery }: { mastery: Mastery }) {
  const mastered = mastery.skills.filter((skill) => skill.state === "mastered").length;
  return (
    <section class="skill-path" aria-labelledby="skill-path">
      <h2 id="skill-path">
        {mastered} of {mastery.skills.length} skills mastered
      </h2>
      <ol>
        {mastery.skills.map((skill) => (
          <li key={skill.slug} data-state={skill.state}>
            <span class="skill-path-title">{skill.title}</span>
            <span class="skill-path-state">{STATES[skill.state]}</span>
            {skill.state === "open" && <HowFar skill={skill} criterion={mastery.criterion} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function HowFar({ skill, criterion }: { skill: Standing; criterion: Mastery["criterion"] }) {
  if (criterion === "probability") return <Band {...skill} />;
  return (
    <span class="hint">
      {skill.counted === 0 ? "not tried yet" : `${skill.right} of the last ${skill.counted} right`}
    </span>
  );
}
