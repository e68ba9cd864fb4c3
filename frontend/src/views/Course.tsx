import * as api from "../api/calls";
import type { CourseEntry, CoursePage } from "../api/types";
import { differsHere, momentIn, zoneWords } from "../components/dates";
import { Arrow } from "../components/icons";
import { Loaded } from "../components/Loaded";
import { Screen } from "../components/Screen";
import { count, percent } from "../components/words";
import { serverClock } from "../state/clock";
import { useResource } from "../state/resource";
import { me } from "../state/session";

type State = CourseEntry["state"];

const WAITS: readonly State[] = ["late", "in_progress", "due_soon", "open"];

/** What stands beside a title, where the dates do not say it. */
const STATES: Record<State, string> = {
  late: "Open for you",
  in_progress: "In progress",
  due_soon: "Due soon",
  open: "Open",
  not_open: "Not open yet",
  done: "Done",
  missing: "Missed",
};

/** A course: what is due first, what comes, what is over, and its lessons. */
export function Course({ id }: { id: string }) {
  const loaded = useResource(id, () => api.course(id));
  return <Loaded from={loaded}>{(course) => <Ready course={course} />}</Loaded>;
}

function Ready({ course }: { course: CoursePage }) {
  const { title, assignments, lessons, time_zone } = course;
  const waiting = assignments.filter((one) => WAITS.includes(one.state));
  const coming = assignments.filter((one) => one.state === "not_open");
  const over = assignments.filter((one) => one.state === "done" || one.state === "missing");
  return (
    <Screen title={title} class="course-page narrow">
      <Facts course={course} />
      <Entries id="due" title="To do" entries={waiting} zone={time_zone}>
        <p class="nothing-due">Nothing is due now.</p>
      </Entries>
      <Entries id="coming" title="Coming up" entries={coming} zone={time_zone} />
      <Entries id="over" title="Done and closed" entries={over} zone={time_zone} />
      {lessons.length > 0 && (
        <section aria-labelledby="lessons">
          <h2 id="lessons">Lessons</h2>
          <ul>
            {lessons.map(({ slug, title: name }) => (
              <li key={slug}>
                <a class="door" href={`/lessons/${slug}`}>
                  <span>{name}</span> <Arrow />
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Screen>
  );
}

function Facts({ course: { id, teachers, section, role, time_zone, assignments } }: { course: CoursePage }) {
  const dates = assignments.flatMap(({ opens_at, closes_at }) => [opens_at, closes_at]);
  return (
    <>
      <p class="course-facts">
        {teachers.length > 0 && <span>With {teachers.join(", ")}</span>}
        {section && <span>Section {section}</span>}
      </p>
      {differsHere(dates, time_zone) && (
        <p class="aside">
          All times here are those of <strong>{zoneWords(time_zone)}</strong>, which are not the times of your
          device.
        </p>
      )}
      {role !== "learner" && role !== "tester" && me.value?.is_staff && (
        <p class="aside">
          You teach this course.{" "}
          <a href={`/admin/assessment/course/${id}/page/overview/`}>Open it at the desk</a>
        </p>
      )}
    </>
  );
}

interface EntriesProps {
  id: string;
  title: string;
  entries: CourseEntry[];
  zone: string;
  /** What stands there where nothing does. */
  children?: preact.ComponentChildren;
}

function Entries({ id, title, entries, zone, children }: EntriesProps) {
  if (entries.length === 0 && !children) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {entries.length === 0 && children}
      <ul class="course-entries">
        {entries.map((entry) => (
          <Entry key={entry.assignment} entry={entry} zone={zone} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry, zone }: { entry: CourseEntry; zone: string }) {
  const { assessment, state, score } = entry;
  const way = wayOf(entry);
  return (
    <li class="course-entry" data-state={state}>
      <div class="course-entry-words">
        <h3>
          <a href={`/assessments/${assessment.slug}`}>{assessment.title}</a>
        </h3>
        <p class="facts">
          <span class="course-state">{STATES[state]}</span>
          {factsOf(entry, zone).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
      </div>
      {score !== null && <strong class="course-score">{percent(score)}</strong>}
      {way && (
        <a
          class={`button small ${WAITS.includes(state) ? "" : "quiet"}`}
          href={way.address}
          aria-label={`${way.words}: ${assessment.title}`}
        >
          {way.words}
        </a>
      )}
    </li>
  );
}

export function factsOf(entry: CourseEntry, zone: string): string[] {
  const { state, opens_at, closes_at, time_limit_minutes, attempts_left, last_attempt, score } = entry;
  const isComing = state === "not_open";
  const hasClosed = closes_at !== null && Date.parse(closes_at) <= serverClock.now();
  const facts = [
    isComing && opens_at && `Opens ${momentIn(opens_at, zone)}`,
    closes_at && `${hasClosed ? "Closed" : "Closes"} ${momentIn(closes_at, zone)}`,
    !hasClosed &&
      state !== "done" &&
      time_limit_minutes !== null &&
      `${Math.round(time_limit_minutes)} minutes`,
    !hasClosed && attempts_left !== null && `${count(attempts_left, "attempt")} left`,
    last_attempt !== null && score === null && "The result is shown later",
  ];
  return facts.filter((fact) => typeof fact === "string");
}

/** Where an entry leads, and in which words; a title alone leads to what holds there. */
function wayOf({ state, open_attempt, last_attempt, assessment }: CourseEntry) {
  if (open_attempt) return { address: `/attempts/${open_attempt}`, words: "Go on" };
  if (last_attempt) return { address: `/attempts/${last_attempt}/result`, words: "Result" };
  if (state === "not_open" || state === "missing") return null;
  return { address: `/assessments/${assessment.slug}`, words: "Begin" };
}
