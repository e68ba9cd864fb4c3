import { type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import * as api from "../api/calls";
import type {
  AssessmentSummary,
  AttemptSummary,
  Course,
  Excerpt,
  LessonProgress,
  LessonSummary,
  Progress,
  Subject,
} from "../api/types";
import { CorrectedNotices } from "../components/Corrected";
import { ExcerptLine } from "../components/ExcerptLine";
import { Hero } from "../components/Hero";
import { Arrow, Lock, Search } from "../components/icons";
import { LessonMark } from "../components/LessonMark";
import { Loaded } from "../components/Loaded";
import { NextStep } from "../components/NextStep";
import { Ring } from "../components/Ring";
import { useArrival } from "../components/Screen";
import { capitalised, count, moment } from "../components/words";
import { navigate, place } from "../router";
import { serverClock } from "../state/clock";
import { timeLeft } from "../state/countdown";
import { useResource } from "../state/resource";
import { TextSearch } from "../state/search";
import { isKnown, isMember } from "../state/session";

interface Shown {
  subjects: Subject[];
  lessons: LessonSummary[];
  progress: Progress | null;
  attempts: AttemptSummary[];
  courses: Course[];
  /** Those that belong to no lesson; the others stand on their lesson's page. */
  assessments: AssessmentSummary[];
}

async function load(): Promise<Shown> {
  const [subjects, lessons, progress, attempts, courses, assessments] = await Promise.all([
    api.subjects(),
    api.lessons(),
    // The lessons are worth showing without these.
    isKnown.value ? api.progress().catch(() => null) : null,
    isKnown.value ? api.attempts().catch(() => []) : [],
    isMember.value ? api.courses().catch(() => []) : [],
    api.assessments().catch(() => []),
  ]);
  const loose = assessments.filter((one) => one.lesson === null);
  return { subjects, lessons, progress, attempts, courses, assessments: loose };
}

export function Catalogue() {
  const shown = useResource("catalogue", load);
  const heading = useArrival("Assay");
  return (
    <div class="screen catalogue">
      <section class="hero" aria-labelledby="welcome">
        <div class="hero-words">
          <h1 id="welcome" ref={heading} tabIndex={-1}>
            See why, then do it by hand.
          </h1>
          <p>
            Short lessons, exercises with numbers of your own, and quizzes that say what was wrong with an
            answer and not only that it was.
          </p>
        </div>
        <Hero />
      </section>
      <Loaded from={shown}>{(data) => <Lessons {...data} />}</Loaded>
    </div>
  );
}

const hasWords = (text: string, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

const matches = ({ title, summary, subject, level }: LessonSummary, words: string): boolean =>
  hasWords(`${title} ${summary} ${subject.title} ${level}`, words);

function Lessons({ subjects, lessons, progress, attempts, courses, assessments }: Shown) {
  const search = useSearch();
  const level = useSignal("");
  const found = useComputed(() =>
    lessons.filter(
      (one) =>
        (matches(one, search.words.value) || search.found.value.excerpts.has(one.slug)) &&
        (level.value === "" || one.level === level.value),
    ),
  );
  const groups = subjects
    .map((subject) => ({ subject, members: found.value.filter((one) => one.subject.slug === subject.slug) }))
    .filter((group) => group.members.length > 0);
  return (
    <>
      <Unfinished attempts={attempts} />
      {progress && <CorrectedNotices notices={progress.corrected} />}
      {courses.length > 0 && <YourCourses courses={courses} />}
      {progress && isNews(progress.next_step) && <NextStep step={progress.next_step} />}
      <search class="filters">
        <SearchField search={search} />
        <LevelField level={level} levels={[...new Set(lessons.map((one) => one.level))]} />
        <p class="found" role="status">
          {search.isSettled ? count(found.value.length, "lesson") : "Searching…"}
          {search.found.value.hasFailed && ", by title and summary: the texts could not be searched"}
        </p>
      </search>
      {groups.map(({ subject, members }) => (
        <section class="subject" key={subject.slug} aria-labelledby={`subject-${subject.slug}`}>
          <h2 id={`subject-${subject.slug}`}>{subject.title}</h2>
          {subject.description && <p class="subject-description">{subject.description}</p>}
          <ul class="lesson-list">
            {members.map((one) => (
              <LessonCard
                key={one.slug}
                lesson={one}
                standing={standingOf(one, progress)}
                excerpt={search.found.value.excerpts.get(one.slug) ?? null}
              />
            ))}
          </ul>
        </section>
      ))}
      <LooseAssessments assessments={assessments} words={search.words.value} />
      {groups.length === 0 && search.isSettled && (
        <p class="nothing">No lesson fits. Try another word, or every level.</p>
      )}
    </>
  );
}

/** The search that the address names; it follows what is typed, so that the way back leads to what was found. */
function useSearch(): TextSearch {
  const search = useMemo(
    () => new TextSearch(api.findLessons, place.peek().searchParams.get("search") ?? ""),
    [],
  );
  useEffect(() => () => search.stop(), [search]);
  useSignalEffect(() => {
    const { words } = search.found.value;
    const wanted = words ? `/?${new URLSearchParams({ search: words })}` : "/";
    const { pathname, search: query } = place.peek();
    if (pathname === "/" && pathname + query !== wanted && search.isSettled)
      navigate(wanted, { replace: true });
  });
  return search;
}

const SearchField = ({ search }: { search: TextSearch }) => (
  <label class="search-field">
    <Search />
    <span class="visually-hidden">Search the lessons</span>
    <input
      type="search"
      class="field"
      placeholder="Search the lessons"
      value={search.words.value}
      onInput={(event) => search.type(event.currentTarget.value)}
    />
  </label>
);

const LevelField = ({ level, levels }: { level: Signal<string>; levels: string[] }) => (
  <label class="level-field">
    <span class="visually-hidden">Level</span>
    <select
      class="field"
      value={level.value}
      onChange={(event) => {
        level.value = event.currentTarget.value;
      }}
    >
      <option value="">Every level</option>
      {levels.map((one) => (
        <option key={one} value={one}>
          {capitalised(one)}
        </option>
      ))}
    </select>
  </label>
);

/** What was begun and not handed in, while there is time. */
function Unfinished({ attempts }: Pick<Shown, "attempts">) {
  const isOpen = ({ state, deadline }: AttemptSummary) =>
    state === "open" && timeLeft(deadline, serverClock.now()) !== 0;
  return (
    <>
      {attempts.filter(isOpen).map(({ id, title, started_at }) => (
        <p key={id} class="unfinished-attempt">
          <span>
            <strong>{title}</strong>, begun {moment(started_at)}, is still open.
          </span>
          <a class="button small" href={`/attempts/${id}`}>
            Go on <Arrow />
          </a>
        </p>
      ))}
    </>
  );
}

const YourCourses = ({ courses }: Pick<Shown, "courses">) => (
  <section class="your-courses" aria-labelledby="your-courses">
    <h2 id="your-courses">Your courses</h2>
    <ul>
      {courses.map(({ id, title, role }) => (
        <li key={id}>
          <a class="door" href={`/courses/${id}`}>
            <span>{title}</span>
            <span class="course-role">{role === "instructor" ? "You teach it" : <Arrow />}</span>
          </a>
        </li>
      ))}
    </ul>
  </section>
);

/** What may be taken and belongs to no lesson, while it has not closed. */
function LooseAssessments({ assessments, words }: Pick<Shown, "assessments"> & { words: string }) {
  const now = serverClock.now();
  const isNear = ({ title, summary, closes_at }: AssessmentSummary) =>
    (closes_at === null || Date.parse(closes_at) > now) && hasWords(`${title} ${summary}`, words);
  const found = assessments.filter(isNear);
  if (found.length === 0) return null;
  return (
    <section class="subject" aria-labelledby="assessments">
      <h2 id="assessments">Assessments</h2>
      <ul class="lesson-list">
        {found.map((one) => (
          <li key={one.slug} class="lesson-card">
            <div class="lesson-card-words">
              <h3>
                <a href={`/assessments/${one.slug}`}>{one.title}</a>
              </h3>
              {one.summary && <p>{one.summary}</p>}
              <p class="facts">
                {one.opens_at && Date.parse(one.opens_at) > now && <span>Opens {moment(one.opens_at)}</span>}
                {one.closes_at && <span>Closes {moment(one.closes_at)}</span>}
                <span>{count(one.item_count, "question")}</span>
                {one.time_limit_minutes !== null && <span>{one.time_limit_minutes} min</span>}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether a step is worth a word here: to choose a lesson is what the screen is for, and open attempts stand above. */
const isNews = ({ kind, attempt }: Progress["next_step"]): boolean => kind !== "nothing" && attempt === null;

const standingOf = (lesson: LessonSummary, progress: Progress | null): LessonProgress | null =>
  progress?.lessons.find((one) => one.slug === lesson.slug) ?? null;

interface LessonCardProps {
  lesson: LessonSummary;
  standing: LessonProgress | null;
  excerpt: Excerpt | null;
}

function LessonCard({ lesson, standing, excerpt }: LessonCardProps) {
  return (
    <li class="lesson-card">
      <LessonMark slug={lesson.slug} />
      <div class="lesson-card-words">
        <h3>
          <a href={`/lessons/${lesson.slug}`}>{lesson.title}</a>
        </h3>
        <p>{lesson.summary}</p>
        {excerpt && <ExcerptLine lesson={lesson.slug} excerpt={excerpt} />}
        <p class="facts">
          <span>{capitalised(lesson.level)}</span>
          <span>{lesson.minutes} min</span>
          {lesson.exercises.length > 0 && <span>{count(lesson.exercises.length, "exercise")}</span>}
          {lesson.premium && <span class="premium">{!lesson.accessible && <Lock />} Premium</span>}
        </p>
      </div>
      {standing !== null && standing.skills_total > 0 && <Known {...standing} />}
    </li>
  );
}

/** How many of the lesson's skills the learner has. */
function Known({ skills_known, skills_total }: LessonProgress) {
  const label = `${skills_known} of ${count(skills_total, "skill")} mastered or probably known`;
  return (
    <Ring share={skills_known / skills_total} label={label}>
      {skills_known}/{skills_total}
    </Ring>
  );
}
