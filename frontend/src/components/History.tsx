import { useSignal } from "@preact/signals";
import * as api from "../api/calls";
import type { AttemptSummary } from "../api/types";
import { useResource } from "../state/resource";
import { FailureNote } from "./FailureNote";
import { Loaded } from "./Loaded";
import { moment } from "./words";

const SHOWN_AT_FIRST = 5;
const MORE = 20;

/** Every attempt of the learner, the latest first, each with the way to its result. */
export const History = () => (
  <Loaded from={useResource("history", () => api.attemptPage(null))}>
    {(first) => <Rows first={first} />}
  </Loaded>
);

function Rows({ first }: { first: api.AttemptPage }) {
  const loaded = useSignal(first);
  const shown = useSignal(SHOWN_AT_FIRST);
  const failure = useSignal<unknown>(null);
  const { attempts, next } = loaded.value;
  if (attempts.length === 0) return null;
  const showMore = async () => {
    failure.value = null;
    const wanted = shown.value + MORE;
    try {
      if (wanted > attempts.length && next) {
        const page = await api.attemptPage(next);
        loaded.value = { attempts: [...attempts, ...page.attempts], next: page.next };
      }
      shown.value = wanted;
    } catch (error) {
      failure.value = error;
    }
  };
  return (
    <section class="history" aria-labelledby="history">
      <h2 id="history">Your attempts</h2>
      <ul>
        {attempts.slice(0, shown.value).map((attempt) => (
          <li key={attempt.id}>
            <a class="door" href={`/attempts/${attempt.id}${attempt.state === "open" ? "" : "/result"}`}>
              <span class="history-title">
                {attempt.title} <span class="hint">{moment(attempt.started_at)}</span>
              </span>
              <span class="earlier-score">{outcome(attempt)}</span>
            </a>
          </li>
        ))}
      </ul>
      <FailureNote failure={failure.value} />
      {(next !== null || attempts.length > shown.value) && (
        <button type="button" class="button quiet small" onClick={showMore}>
          Show earlier attempts
        </button>
      )}
    </section>
  );
}

export function outcome({
  state,
  is_void,
  result,
}: Pick<AttemptSummary, "state" | "is_void" | "result">): string {
  if (is_void) return "does not count";
  if (state === "open") return "still open";
  if (state === "grading") return "time is up, being graded";
  if (result === null) return "the result is shown later";
  const passed = result.passed === null ? null : result.passed ? "Passed." : "Not passed.";
  return [passed, result.level && `Level: ${result.level}.`, result.words].filter(Boolean).join(" ");
}
