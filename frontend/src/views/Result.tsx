import { useEffect } from "preact/hooks";
import * as api from "../api/calls";
import type { Ability, Assessment, Attempt, Mastery, Review } from "../api/types";
import { CorrectedBox } from "../components/Corrected";
import { Again } from "../components/icons";
import { Leftovers } from "../components/Leftovers";
import { Loaded } from "../components/Loaded";
import { bySection } from "../components/Navigator";
import { NextStepHere } from "../components/NextStepHere";
import { ReviewedItem } from "../components/ReviewedItem";
import { Ring } from "../components/Ring";
import { Screen } from "../components/Screen";
import { SentGrades } from "../components/SentGrades";
import { SkillPath } from "../components/SkillPath";
import { figure, moment, percent, scored } from "../components/words";
import { navigate } from "../router";
import { onGraded } from "../state/grading";
import { isReviewed } from "../state/launch";
import { useResource } from "../state/resource";
import { mayJoin } from "../state/session";

interface Shown {
  attempt: Attempt;
  assessment: Assessment;
  review: Review;
}

async function load(id: string): Promise<Shown | "open" | "grading"> {
  const attempt = await api.attempt(id);
  if (attempt.state === "open" || attempt.state === "grading") return attempt.state;
  const [assessment, review] = await Promise.all([api.assessment(attempt.assessment), api.review(id)]);
  return { attempt, assessment, review };
}

/** What came out of an attempt, and why, item by item. */
export function Result({ id }: { id: string }) {
  const loaded = useResource(id, () => load(id));
  return (
    <Loaded from={loaded}>
      {(shown) => {
        if (shown === "open") return <StillOpen id={id} />;
        if (shown === "grading") return <InGrading id={id} reload={loaded.reload} />;
        return <Ready {...shown} />;
      }}
    </Loaded>
  );
}

function StillOpen({ id }: { id: string }) {
  navigate(`/attempts/${id}`, { replace: true });
  return <p role="status">This attempt is still open.</p>;
}

/** The time is up, and the server has not written the end yet: the result comes by itself. */
function InGrading({ id, reload }: { id: string; reload: () => void }) {
  useEffect(() => onGraded(id, reload), [id, reload]);
  return (
    <Screen title="Your result" class="result">
      <p class="card" role="status">
        Time is up. Your answers are being graded, with everything that you had saved. This takes two minutes
        at most, and your result shows here by itself.
      </p>
    </Screen>
  );
}

function Ready({ attempt, assessment, review }: Shown) {
  return (
    <Screen
      title={`Result: ${assessment.title}`}
      heading={isReviewed(attempt.id) ? "Result" : "Your result"}
      class="result"
    >
      <Summary attempt={attempt} assessment={assessment} />
      {review.grade && <GivenGrade grade={review.grade} />}
      <CorrectedBox attempt={attempt.id} review={review} />
      <SentGrades attempt={attempt.id} />
      <Leftovers attempt={attempt.id} graded={review.presentations} />
      {attempt.mastery && (
        <div class="card result-skills">
          <SkillPath mastery={attempt.mastery} />
        </div>
      )}
      {bySection(review.presentations).map(({ section, members }) => (
        <section key={section} class="result-section">
          {section && <h2>{section}</h2>}
          {members.map((entry) => (
            <ReviewedItem
              key={entry.position}
              attempt={attempt.id}
              entry={entry}
              withScore={assessment.mode === "fixed"}
            />
          ))}
        </section>
      ))}
      {!isReviewed(attempt.id) && <NextStepHere here={`/attempts/${attempt.id}/result`} />}
    </Screen>
  );
}

function Summary({ attempt, assessment }: { attempt: Attempt; assessment: Assessment }) {
  return (
    <div class="card result-summary">
      {attempt.ability === null && <ScoreRing attempt={attempt} mode={assessment.mode} />}
      <div class="result-words">
        <p class="result-title">{assessment.title}</p>
        {attempt.ability ? (
          <Level ability={attempt.ability} result={attempt.result} />
        ) : (
          <p>
            {remarkOn(attempt)} {attempt.result?.words}
          </p>
        )}
        <p class="facts">
          {attempt.result && attempt.result.passed !== null && (
            <strong>{attempt.result.passed ? "Passed" : "Not passed"}</strong>
          )}
          <span>{attempt.state === "expired" ? "Ended with the time" : "Handed in"}</span>
          <span>Begun {moment(attempt.started_at)}</span>
        </p>
        {!isReviewed(attempt.id) && <Onward assessment={assessment} />}
        {mayJoin.value && (
          <p class="aside">
            You are here as a guest. <a href="/sign-up?then=/progress">Create an account</a> to keep this.
          </p>
        )}
      </div>
    </div>
  );
}

/** What the teacher says of the grade: another one than the attempts are worth, that it is excused, a comment. */
function GivenGrade({ grade: { share, given, excused, comment } }: { grade: NonNullable<Review["grade"]> }) {
  if (!given && !excused && !comment) return null;
  return (
    <section class="card given-grade">
      <h2>From your teacher</h2>
      {given && share !== null && (
        <p>
          Your grade for this assessment: <strong>{percent(share)}</strong>, whatever your attempts came to.
        </p>
      )}
      {excused && <p>You are excused: this assessment does not count.</p>}
      {comment && <p class="comment">{comment}</p>}
    </section>
  );
}

const Onward = ({ assessment: { slug, attempts_left } }: { assessment: Assessment }) => (
  <div class="actions">
    {attempts_left !== 0 && (
      <a class="button" href={`/assessments/${slug}`}>
        <Again /> Try again
      </a>
    )}
    <a class="button quiet" href="/progress">
      See your progress
    </a>
  </div>
);

/** The share of what could be had; null while it is withheld. */
const shareOf = ({ score, max_score }: Pick<Attempt, "score" | "max_score">): number | null =>
  score === null || max_score === 0 ? null : score / max_score;

function ScoreRing({ attempt, mode }: { attempt: Attempt; mode: Assessment["mode"] }) {
  const share = shareOf(attempt);
  if (share === null) return null;
  const counted = scored(mode, attempt.score ?? 0, attempt);
  return (
    <Ring size="large" share={share} label={counted}>
      <strong>{percent(share)}</strong>
      <span>{counted}</span>
    </Ring>
  );
}

const LEVELS: Record<Ability["band"], string> = {
  low: "low",
  below_average: "below average",
  average: "average",
  above_average: "above average",
  high: "high",
};

/** Ability runs from about -3 to 3; what lies beyond is shown at the end. */
const ENDS = 3;
const onScale = (ability: number): number =>
  (100 * (Math.max(-ENDS, Math.min(ENDS, ability)) + ENDS)) / (2 * ENDS);

/**
 * What an adaptive attempt measured, with how sure it is. How many of its own items were right would say little: they
 * follow the learner, so that about half of them are hard for everybody.
 */
const Level = ({ ability: { band, low, high }, result }: Pick<Attempt, "result"> & { ability: Ability }) => (
  <>
    <p class="level">
      Your level: <strong>{result?.level ?? LEVELS[band]}</strong>
    </p>
    {result && <p>{result.words}</p>}
    <svg class="band" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="band-track" x="0" y="3.2" width="100" height="1.6" />
      <rect class="band-range" x={onScale(low)} y="1.6" width={onScale(high) - onScale(low)} height="4.8" />
      <rect class="band-mark" x="49.7" y="0" width="0.6" height="8" />
    </svg>
    <p class="hint">
      It lies between {signed(low)} and {signed(high)} with a certainty of 90%; the mark at 0 is average. The
      questions followed your answers, so some had to be hard.
    </p>
  </>
);

const signed = (value: number): string => figure(value).replace("-", "−");

const ENDED_BY: Record<NonNullable<Mastery["ended_by"]>, string> = {
  mastered: "You have mastered every skill here. What you forget comes back as a review.",
  length: "This attempt has reached its length. Start another to continue with the open skills.",
  bank_exhausted: "There was nothing left to practice with.",
};

function remarkOn({ mastery, ...attempt }: Attempt): string {
  if (!mastery) return remark(shareOf(attempt));
  return mastery.ended_by
    ? ENDED_BY[mastery.ended_by]
    : "Start another attempt to continue with the open skills.";
}

function remark(share: number | null): string {
  if (share === null) return "Your answers are in. The result is shown later.";
  if (share >= 0.999) return "Everything is right.";
  if (share >= 0.7) return "Most of it is right. The rest is explained below.";
  if (share >= 0.4) return "Part of it is right. Read the explanations, then try the exercises again.";
  return "This was hard today. The explanations below show what went wrong.";
}
