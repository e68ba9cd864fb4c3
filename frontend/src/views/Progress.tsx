import { useSignal } from "@preact/signals";
import * as api from "../api/calls";
import type { Progress as ProgressData, SkillProgress } from "../api/types";
import { CorrectedNotices } from "../components/Corrected";
import { SkillState } from "../components/Estimate";
import { History } from "../components/History";
import { Loaded } from "../components/Loaded";
import { NextStep } from "../components/NextStep";
import { PracticeLink } from "../components/PracticeLink";
import { Screen } from "../components/Screen";
import { SkillMap } from "../components/SkillMap";
import { count, day } from "../components/words";
import { useResource } from "../state/resource";
import { isKnown, mayJoin } from "../state/session";

/** What a stranger has: nothing is asked of the server for it. */
const NOTHING: ProgressData = {
  next_step: {
    kind: "nothing",
    title: "Choose a lesson",
    why: "Your answers, in quizzes and in practice, will show here what you know.",
    slug: null,
    attempt: null,
  },
  skills: [],
  lessons: [],
  review: [],
  next_due: null,
  mistakes: { redo: [], explained_only: 0 },
  corrected: [],
};

/** What to do next, what the learner knows and how sure we are of it, and what was done. */
export function Progress() {
  const loaded = useResource("progress", async () => (isKnown.value ? api.progress() : NOTHING));
  return <Loaded from={loaded}>{(progress) => <Ready progress={progress} />}</Loaded>;
}

function Ready({ progress }: { progress: ProgressData }) {
  const { next_step, skills, lessons, review, mistakes } = progress;
  return (
    <Screen title="Your progress" class="progress narrow">
      {mayJoin.value && (
        <p class="aside">
          You are here as a guest. <a href="/sign-up?then=/progress">Create an account</a> to keep your
          progress.
        </p>
      )}
      <CorrectedNotices notices={progress.corrected} />
      <NextStep step={next_step}>
        <Quiet progress={progress} />
      </NextStep>
      {review.length > 0 && <Due review={review} skills={skills} />}
      {mistakes.redo.length + mistakes.explained_only > 0 && <Mistakes {...mistakes} />}
      {skills.length > 0 && <SkillMap skills={skills} lessons={lessons} />}
      {isKnown.value && <History />}
    </Screen>
  );
}

/** When the next review is due, said only where nothing asks for another look today. */
function Quiet({ progress: { review, mistakes, next_due } }: { progress: ProgressData }) {
  const isQuiet = review.length === 0 && mistakes.redo.length + mistakes.explained_only === 0;
  return isQuiet && next_due ? <>The next review is due on {day(next_due)}.</> : null;
}

/** A list that shows its beginning, and the rest on demand. */
function useBeginning<Row>(rows: Row[], length: number): [Row[], preact.VNode | null] {
  const isWhole = useSignal(rows.length <= length + 1);
  if (isWhole.value) return [rows, null];
  const button = (
    <button
      type="button"
      class="button quiet small"
      onClick={() => {
        isWhole.value = true;
      }}
    >
      Show all {rows.length}
    </button>
  );
  return [rows.slice(0, length), button];
}

const SHOWN_AT_FIRST = 4;

/** What went badly or is due, most urgent first; how it stands is what the skills below say. */
function Due({ review, skills }: Pick<ProgressData, "review" | "skills">) {
  const [shown, more] = useBeginning(review, SHOWN_AT_FIRST);
  const bySlug = new Map(skills.map((skill) => [skill.slug, skill]));
  return (
    <section aria-labelledby="next" class="review-next">
      <h2 id="next">Worth another look</h2>
      <ul>
        {shown.map(({ slug, title, why, exercise }) => (
          <li key={slug} class="review-entry">
            <div>
              <strong>{title}</strong> <StateOf skill={bySlug.get(slug)} />
              <p>{why}</p>
            </div>
            <PracticeLink exercise={exercise} about={title} />
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

const StateOf = ({ skill }: { skill: SkillProgress | undefined }) =>
  skill ? <SkillState level={skill.level} words={skill.words} /> : null;

/** What was answered wrongly and not rightly since. */
function Mistakes({ redo, explained_only }: ProgressData["mistakes"]) {
  const [shown, more] = useBeginning(redo, SHOWN_AT_FIRST);
  return (
    <section aria-labelledby="mistakes" class="review-next">
      <h2 id="mistakes">Redo your mistakes</h2>
      <ul>
        {shown.map((exercise) => (
          <li key={exercise.slug} class="review-entry">
            <strong>{exercise.title}</strong>
            <PracticeLink exercise={exercise} about={exercise.title} />
          </li>
        ))}
      </ul>
      {more}
      {explained_only > 0 && (
        <p class="hint">
          {redo.length > 0 ? "Besides, " : ""}
          {count(explained_only, "question")} that went wrong cannot be practiced now. The results below
          explain what was asked in quizzes.
        </p>
      )}
    </section>
  );
}
