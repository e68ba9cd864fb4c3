import * as api from "../api/calls";
import type { Ability, Assessment, Attempt, Review } from "../api/types";
import { Again } from "../components/icons";
import { Loaded } from "../components/Loaded";
import { bySection } from "../components/Navigator";
import { ReviewedItem } from "../components/ReviewedItem";
import { Ring } from "../components/Ring";
import { Screen } from "../components/Screen";
import { figure, moment, percent } from "../components/words";
import { navigate } from "../router";
import { useResource } from "../state/resource";
import { isMember } from "../state/session";

interface Shown {
  attempt: Attempt;
  assessment: Assessment;
  review: Review;
}

async function load(id: string): Promise<Shown | null> {
  const attempt = await api.attempt(id);
  if (attempt.state === "open") return null;
  const [assessment, review] = await Promise.all([api.assessment(attempt.assessment), api.review(id)]);
  return { attempt, assessment, review };
}

/** What came out of an attempt, and why, item by item. */
export function Result({ id }: { id: string }) {
  return (
    <Loaded from={useResource(id, () => load(id))}>
      {(shown) => (shown ? <Ready {...shown} /> : <StillOpen id={id} />)}
    </Loaded>
  );
}

function StillOpen({ id }: { id: string }) {
  navigate(`/attempts/${id}`, { replace: true });
  return <p role="status">This attempt is still open.</p>;
}

function Ready({ attempt, assessment, review }: Shown) {
  return (
    <Screen title={`Result: ${assessment.title}`} heading="Your result" class="result">
      <Summary attempt={attempt} assessment={assessment} />
      {bySection(review.presentations).map(({ section, members }) => (
        <section key={section} class="result-section">
          {section && <h2>{section}</h2>}
          {members.map((entry) => (
            <ReviewedItem key={entry.position} entry={entry} />
          ))}
        </section>
      ))}
    </Screen>
  );
}

function Summary({ attempt, assessment }: { attempt: Attempt; assessment: Assessment }) {
  const { score, max_score } = attempt;
  const share = score === null || max_score === 0 ? null : score / max_score;
  return (
    <div class="card result-summary">
      {share !== null && score !== null && (
        <Ring size="large" share={share} label={`${figure(score)} of ${figure(max_score)}`}>
          <strong>{percent(share)}</strong>
          <span>
            {figure(score)} of {figure(max_score)}
          </span>
        </Ring>
      )}
      <div class="result-words">
        <p class="result-title">{assessment.title}</p>
        <p>{share === null ? "Your answers are in. The result is shown later." : remark(share)}</p>
        {attempt.ability && <Level ability={attempt.ability} />}
        <p class="facts">
          <span>{attempt.state === "expired" ? "Ended with the time" : "Handed in"}</span>
          <span>Begun {moment(attempt.started_at)}</span>
        </p>
        <div class="actions">
          {assessment.attempts_left !== 0 && (
            <a class="button" href={`/assessments/${assessment.slug}`}>
              <Again /> Try again
            </a>
          )}
          <a class="button quiet" href="/progress">
            See your progress
          </a>
        </div>
        {!isMember.value && (
          <p class="aside">
            You are here as a guest. <a href="/sign-up?then=/progress">Create an account</a> to keep this.
          </p>
        )}
      </div>
    </div>
  );
}

const LEVELS: Record<Ability["band"], string> = {
  low: "low",
  below_average: "below average",
  average: "average",
  above_average: "above average",
  high: "high",
};

/** What an adaptive attempt measured, with how sure it is. */
const Level = ({ ability: { band, low, high } }: { ability: Ability }) => (
  <p class="level">
    Your level is <strong>{LEVELS[band]}</strong>. On a scale where 0 is average it lies between {signed(low)}{" "}
    and {signed(high)}, nine times out of ten.
  </p>
);

const signed = (value: number): string => figure(value).replace("-", "−");

function remark(share: number): string {
  if (share >= 0.999) return "All of it. Nothing to add.";
  if (share >= 0.7) return "You have most of it. The open ones are explained below.";
  if (share >= 0.4) return "Part of it stands. Read the explanations, then try the exercises again.";
  return "This was hard today. Each explanation below says where it went another way.";
}
