import { useSignal } from "@preact/signals";
import * as api from "../api/calls";
import type { Progress as ProgressData } from "../api/types";
import { Band } from "../components/Band";
import { Arrow } from "../components/icons";
import { Loaded } from "../components/Loaded";
import { Ring } from "../components/Ring";
import { Screen } from "../components/Screen";
import { count, day, percent } from "../components/words";
import { useResource } from "../state/resource";
import { isKnown, isMember } from "../state/session";

const NOTHING: ProgressData = { skills: [], lessons: [], review: [], next_due: null };

/** What the learner knows, how sure we are of it, and what to look at next. */
export function Progress() {
  const loaded = useResource("progress", async () => (isKnown.value ? api.progress() : NOTHING));
  return <Loaded from={loaded}>{(progress) => <Ready progress={progress} />}</Loaded>;
}

function Ready({ progress }: { progress: ProgressData }) {
  const { skills, lessons, review, next_due } = progress;
  return (
    <Screen title="Your progress" class="progress narrow">
      {!isMember.value && (
        <p class="aside">
          You are here as a guest. <a href="/sign-up?then=/progress">Create an account</a> to keep your
          progress.
        </p>
      )}
      {review.length > 0 && <Due review={review} />}
      {review.length === 0 && next_due && (
        <p class="hint">Nothing to review today. The next is due on {day(next_due)}.</p>
      )}
      {skills.length === 0 ? <NothingYet /> : <Skills skills={skills} />}
      {lessons.length > 0 && <Lessons lessons={lessons} />}
    </Screen>
  );
}

const NothingYet = () => (
  <div class="card nothing-yet">
    <p>Nothing answered so far. Your answers, in quizzes and in practice, will show here what you know.</p>
    <a class="button" href="/">
      Choose a lesson
    </a>
  </div>
);

function Skills({ skills }: Pick<ProgressData, "skills">) {
  return (
    <section class="skills" aria-labelledby="skills">
      <h2 id="skills">Skills</h2>
      <p class="hint">
        The mark is our best estimate that you have the skill. The band shows how far off it may be: it
        narrows with every answer.
      </p>
      <ul>
        {skills.map((skill) => (
          <li key={skill.slug} class="skill">
            <span class="skill-title">
              {skill.title} {skill.level === "mastered" && <span class="tag mastered">mastered</span>}
            </span>
            <Band {...skill} />
            <span class="skill-words">
              <strong>{percent(skill.probability)}</strong> {evidence(skill.count)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const evidence = (answers: number): string =>
  answers === 0 ? "guessed from related skills" : `from ${count(answers, "answer")}`;

const SHOWN_AT_FIRST = 4;

/** What is due for review, most urgent first. */
function Due({ review }: Pick<ProgressData, "review">) {
  const isWhole = useSignal(review.length <= SHOWN_AT_FIRST + 1);
  const shown = isWhole.value ? review : review.slice(0, SHOWN_AT_FIRST);
  return (
    <section aria-labelledby="next" class="review-next">
      <h2 id="next">Worth another look</h2>
      <ul>
        {shown.map(({ slug, title, retrievability, exercise }) => (
          <li key={slug} class="review-entry">
            <div>
              <strong>{title}</strong>
              <p>The chance that you still have it is about {percent(retrievability)}.</p>
            </div>
            {exercise && (
              <a class="button quiet small" href={`/practice/${exercise.slug}`}>
                Practice <Arrow />
              </a>
            )}
          </li>
        ))}
      </ul>
      {!isWhole.value && (
        <button
          type="button"
          class="button quiet small"
          onClick={() => {
            isWhole.value = true;
          }}
        >
          Show all {review.length}
        </button>
      )}
    </section>
  );
}

function Lessons({ lessons }: Pick<ProgressData, "lessons">) {
  return (
    <section aria-labelledby="lessons" class="progress-lessons">
      <h2 id="lessons">Lessons</h2>
      <ul>
        {lessons.map(({ slug, title, fraction, skills_mastered, skills_total, best_score }) => (
          <li key={slug}>
            <a class="door" href={`/lessons/${slug}`}>
              <span class="lesson-standing">
                {title}
                <span class="hint">
                  {skills_mastered} of {count(skills_total, "skill")} mastered
                  {best_score !== null && `, best quiz ${percent(best_score)}`}
                </span>
              </span>
              <Ring share={fraction} label={`Known: ${percent(fraction)}`}>
                {percent(fraction)}
              </Ring>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
