import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api/calls";
import { isStillGrading } from "../api/failure";
import type { Assessment, AttemptSummary } from "../api/types";
import { FailureNote } from "../components/FailureNote";
import { Html } from "../components/Html";
import { Back } from "../components/icons";
import { Loaded } from "../components/Loaded";
import { rulesInWords } from "../components/rules";
import { Screen } from "../components/Screen";
import { count, moment, scored } from "../components/words";
import { navigate } from "../router";
import { onGraded } from "../state/grading";
import { launch } from "../state/launch";
import { useResource } from "../state/resource";
import { isKnown, loadMe, me } from "../state/session";

interface Shown {
  assessment: Assessment;
  attempts: AttemptSummary[];
}

async function load(slug: string): Promise<Shown> {
  const [assessment, attempts] = await Promise.all([
    api.assessment(slug),
    isKnown.value ? api.attempts({ assessment: slug }) : [],
  ]);
  return { assessment, attempts };
}

/** Before the first item: what will happen, in plain words. */
export function Start({ slug }: { slug: string }) {
  const loaded = useResource(slug, () => load(slug));
  return <Loaded from={loaded}>{(shown) => <Ready {...shown} reload={loaded.reload} />}</Loaded>;
}

function Ready({ assessment, attempts, reload }: Shown & { reload: () => void }) {
  const finished = attempts.filter((one) => one.state !== "open");
  const graded = finished.find((one) => one.state === "grading")?.id;
  useEffect(() => (graded ? onGraded(graded, reload) : undefined), [graded, reload]);
  return (
    <Screen title={assessment.title} class="start narrow" above={<WayBack lesson={assessment.lesson} />}>
      <p class="lead">{assessment.summary}</p>
      <section class="card rules" aria-labelledby="rules">
        <h2 id="rules">How it works</h2>
        <ul>
          {rulesInWords(assessment).map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
        {assessment.instructions && <Html html={assessment.instructions} class="instructions" />}
        <Sections sections={assessment.sections} />
        <StartButton assessment={assessment} />
      </section>
      {finished.length > 0 && <Earlier attempts={finished} mode={assessment.mode} />}
    </Screen>
  );
}

const WayBack = ({ lesson }: { lesson: string | null }) =>
  lesson && (
    <p class="breadcrumb">
      <a href={`/lessons/${lesson}`}>
        <Back /> The lesson
      </a>
    </p>
  );

function Sections({ sections }: Pick<Assessment, "sections">) {
  return (
    <ol class="sections">
      {sections.map(({ title, count: items }) => (
        <li key={title}>
          <span>{title}</span> <span class="sections-count">{count(items, "question")}</span>
        </li>
      ))}
    </ol>
  );
}

function StartButton({ assessment }: { assessment: Assessment }) {
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const start = async () => {
    isBusy.value = true;
    failure.value = null;
    try {
      const attempt = await api.startAttempt(assessment.slug, assignmentOf(assessment));
      // The first attempt of a visitor makes a guest of them.
      if (!me.value?.id) await loadMe();
      navigate(`/attempts/${attempt.id}`);
    } catch (error) {
      failure.value = error;
      isBusy.value = false;
    }
  };
  const isResumed = assessment.open_attempt !== null;
  if (!isResumed && assessment.attempts_left === 0)
    return <p class="form-problem">All your attempts are used. Your results are below.</p>;
  return (
    <div class="start-action">
      <button type="button" class="button large" onClick={start} disabled={isBusy.value}>
        {startWords(isResumed, failure.value)}
      </button>
      <FailureNote failure={failure.value} />
    </div>
  );
}

/** In a launch the course has said in which way its assessment is taken. */
function assignmentOf({ slug, assignment }: Assessment): string {
  const opened = launch.value;
  return (opened?.assessment === slug && opened.assignment) || assignment;
}

function startWords(isResumed: boolean, failure: unknown): string {
  if (isStillGrading(failure)) return "Try again";
  return isResumed ? "Continue where you stopped" : "Start";
}

type Mode = Assessment["mode"];

function Earlier({ attempts, mode }: { attempts: AttemptSummary[]; mode: Mode }) {
  return (
    <section class="earlier" aria-labelledby="earlier">
      <h2 id="earlier">Your earlier attempts</h2>
      <ul>
        {attempts.map((attempt) => (
          <li key={attempt.id}>
            <a class="door" href={`/attempts/${attempt.id}/result`}>
              <span>{moment(attempt.started_at)}</span>
              <span class="earlier-score">{outcomeWords(attempt, mode)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomeWords(attempt: AttemptSummary, mode: Mode): string {
  if (attempt.state === "grading") return "time is up, being graded";
  return attempt.score === null ? "handed in" : scored(mode, attempt.score, attempt);
}
