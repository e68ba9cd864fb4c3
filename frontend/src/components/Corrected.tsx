import { useEffect } from "preact/hooks";
import * as api from "../api/calls";
import type { CorrectedAnswer, CorrectedResult, Decision, FeltCorrection, Review } from "../api/types";
import { Arrow } from "./icons";
import { day, moment, percent } from "./words";

/** A result by corrections: a share, or that nothing counts in it. */
const shareWords = (share: number | null): string => (share === null ? "nothing counts" : percent(share));

/** `60% → 80%`, which is read aloud as words. */
export const FromTo = ({ from, to }: { from: number | null; to: number | null }) => (
  <strong class="from-to">
    <span aria-hidden="true">
      {shareWords(from)} → {shareWords(to)}
    </span>
    <span class="visually-hidden">
      from {shareWords(from)} to {shareWords(to)}
    </span>
  </strong>
);

/** What corrections and people made of a result since it was told, and why. Whose result it is has seen it by this. */
export function CorrectedBox({ attempt, review }: { attempt: string; review: Review }) {
  const { corrections, decisions, is_own } = review;
  const isNews = is_own && corrections.length > 0;
  useEffect(() => {
    // Where it fails, the notice stays for the next time.
    if (isNews) api.sawCorrections(attempt).catch(() => undefined);
  }, [attempt, isNews]);
  if (corrections.length + decisions.length === 0) return null;
  const whose = is_own ? "your" : "this";
  const heading = corrections.some(({ kept }) => !kept)
    ? `${is_own ? "Your" : "This"} result was corrected`
    : `What was decided about ${whose} result`;
  return (
    <section class="card corrected" aria-labelledby="corrected">
      <h2 id="corrected">{heading}</h2>
      <ul>
        {corrections.map((one) => (
          <Correction key={one.at} correction={one} whose={whose} />
        ))}
        {decisions.map((one) => (
          <Decided key={one.at} decision={one} />
        ))}
      </ul>
    </section>
  );
}

const Correction = ({ correction, whose }: { correction: FeltCorrection; whose: string }) => (
  <li>
    <p>
      {!correction.kept && <FromTo from={correction.from} to={correction.to} />} {correction.words}
      {correction.kept && ` It would have lowered ${whose} result: the result stays.`}
    </p>
    <Why {...correction} />
  </li>
);

const Decided = ({ decision }: { decision: Decision }) => (
  <li>
    <p>
      {decision.words} {decision.score !== null && <strong>{percent(decision.score)}</strong>}
      {decision.position !== null && ` for question ${decision.position}`}
      {decision.until !== null && ` Until ${moment(decision.until)}.`}
    </p>
    <Why {...decision} />
  </li>
);

const Why = ({ reason, by, at }: Pick<Decision, "reason" | "by" | "at">) => (
  <>
    <p class="corrected-reason">{reason}</p>
    <p class="hint">
      {by}, <time dateTime={at}>{day(at)}</time>
    </p>
  </>
);

const outcomeWords = (share: number): string => {
  if (share >= 1) return "right";
  return share > 0 ? `${percent(share)} right` : "not right";
};

/** At an answer: what it was said to be, what it is worth now, and why. */
export const CorrectedNote = ({ corrected }: { corrected: CorrectedAnswer }) => (
  <div class="corrected-note">
    <p>
      {corrected.was_told ? "You were told that this is" : "This was graded as"}{" "}
      <strong>{outcomeWords(corrected.from ?? 0)}</strong>.{" "}
      {corrected.to === null ? (
        <>
          Now this question <strong>does not count</strong>.
        </>
      ) : (
        <>
          Now it counts as <strong>{outcomeWords(corrected.to)}</strong>.
        </>
      )}
    </p>
    <p class="corrected-reason">{corrected.reason}</p>
  </div>
);

/** Results that were corrected since their learner looked at them; each goes away when it is opened. */
export const CorrectedNotices = ({ notices }: { notices: CorrectedResult[] }) =>
  notices.length > 0 && (
    <section class="card corrected" aria-labelledby="corrected-results">
      <h2 id="corrected-results">{notices.length === 1 ? "A corrected result" : "Corrected results"}</h2>
      <ul>
        {notices.map(({ attempt, assessment, from, to }) => (
          <li key={attempt} class="corrected-notice">
            <p>
              Your result in {assessment.title} was corrected: <FromTo from={from} to={to} />
            </p>
            <a class="button quiet small" href={`/attempts/${attempt}/result`}>
              See why <span class="visually-hidden">the result in {assessment.title} was corrected</span>
              <Arrow />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
