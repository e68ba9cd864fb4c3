import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import * as api from "../api/calls";
import type { Lesson as LessonData, Link } from "../api/types";
import { type Heading, Html, sections } from "../components/Html";
import { Arrow, Lock } from "../components/icons";
import { LessonMark } from "../components/LessonMark";
import { Loaded } from "../components/Loaded";
import { NextStepHere } from "../components/NextStepHere";
import { GoOn, ReadingLine } from "../components/ReadingPlace";
import { Screen } from "../components/Screen";
import { Theory } from "../components/Theory";
import { capitalised, count, day } from "../components/words";
import { signInFrom } from "../paths";
import { place } from "../router";
import { useResource } from "../state/resource";
import { mayJoin } from "../state/session";

export function Lesson({ slug }: { slug: string }) {
  return (
    <Loaded from={useResource(slug, () => api.lesson(slug))}>{(lesson) => <Ready lesson={lesson} />}</Loaded>
  );
}

function Ready({ lesson }: { lesson: LessonData }) {
  const theory = useMemo(() => (lesson.theory === null ? null : sections(lesson.theory)), [lesson.theory]);
  return (
    <Screen title={lesson.title} class="lesson" above={<Above lesson={lesson} />}>
      <LessonHead lesson={lesson} />
      <div class="lesson-columns">
        <div class="lesson-main">
          {theory && <GoOn slug={lesson.slug} headings={theory.headings} />}
          <Objectives objectives={lesson.objectives} />
          <Prerequisites lessons={lesson.prerequisites} />
          {theory === null ? <Beginning lesson={lesson} /> : <Theory html={theory.html} />}
          <AfterReading lesson={lesson} />
        </div>
        <aside class="lesson-side">
          {theory && <Contents slug={lesson.slug} headings={theory.headings} />}
          <Doors lesson={lesson} />
        </aside>
      </div>
    </Screen>
  );
}

const Above = ({ lesson }: { lesson: LessonData }) => (
  <div class="above">
    <LessonMark slug={lesson.slug} />
    <p class="breadcrumb">
      <a href="/">Lessons</a> <span aria-hidden="true">/</span> {lesson.subject.title}
    </p>
  </div>
);

function LessonHead({ lesson }: { lesson: LessonData }) {
  return (
    <div class="lesson-head">
      <p class="lead">{lesson.summary}</p>
      <p class="facts">
        <span>{capitalised(lesson.level)}</span>
        <span>{lesson.minutes} min</span>
        <span>Updated {day(lesson.updated_on)}</span>
        {lesson.premium && <span class="premium">Premium</span>}
      </p>
    </div>
  );
}

function Objectives({ objectives }: { objectives: string[] }) {
  if (objectives.length === 0) return null;
  return (
    <section class="objectives" aria-labelledby="objectives">
      <h2 id="objectives">After this lesson you can</h2>
      <ul>
        {objectives.map((objective) => (
          <li key={objective}>{objective}</li>
        ))}
      </ul>
    </section>
  );
}

/** What is best read before. */
const Prerequisites = ({ lessons }: { lessons: Link[] }) =>
  lessons.length === 0 ? null : (
    <p class="prerequisites">
      Builds on{" "}
      {lessons.map(({ slug, title }, index) => (
        <Fragment key={slug}>
          {index > 0 && ", "}
          <a href={`/lessons/${slug}`}>{title}</a>
        </Fragment>
      ))}
      .
    </p>
  );

/** What everybody may read of a premium lesson, what is behind it, and the way in. */
const Beginning = ({ lesson }: { lesson: LessonData }) => (
  <>
    <Html html={lesson.preview ?? ""} class="theory preview" />
    <Gate lesson={lesson} />
  </>
);

function Gate({ lesson: { contents, exercises, assessments } }: { lesson: LessonData }) {
  const numbers = [
    exercises.length > 0 && count(exercises.length, "exercise"),
    assessments.length > 0 && count(assessments.length, "quiz", "quizzes"),
  ].filter(Boolean);
  return (
    <section class="gate card" aria-labelledby="gate">
      <Lock />
      <h2 id="gate">The rest is for members of a course</h2>
      {contents.length > 0 && (
        <>
          <p>It goes on with</p>
          <ul class="gate-contents">
            {contents.map((title) => (
              <li key={title}>{title}</li>
            ))}
          </ul>
        </>
      )}
      {numbers.length > 0 && <p>and has {numbers.join(" and ")}, each answer explained.</p>}
      <p>
        It opens with an enrollment in a course that includes it. Your instructor can enroll you
        {mayJoin.value ? " once you have an account." : ", and then this page shows all of it."}
      </p>
      {mayJoin.value && (
        <div class="actions">
          <a class="button" href={signInFrom(place.value)}>
            Sign in
          </a>
          <a class="button quiet" href="/sign-up">
            Create an account
          </a>
        </div>
      )}
    </section>
  );
}

function Contents({ slug, headings }: { slug: string; headings: Heading[] }) {
  const current = useCurrentHeading(headings);
  if (headings.length < 2) return null;
  return (
    <nav class="contents" aria-label="In this lesson">
      <ReadingLine slug={slug} section={current} />
      <details open={matchMedia("(min-width: 64rem)").matches}>
        <summary>In this lesson</summary>
        <ol>
          {headings.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`} aria-current={id === current ? "true" : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}

/** The section that is being read: the last heading above the upper third of the window. */
function useCurrentHeading(headings: Heading[]): string | undefined {
  const current = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const find = () => {
      const line = innerHeight / 3;
      current.value = headings.findLast(({ id }) => {
        const heading = document.getElementById(id);
        return heading !== null && heading.getBoundingClientRect().top < line;
      })?.id;
    };
    addEventListener("scroll", find, { passive: true });
    return () => removeEventListener("scroll", find);
  }, [headings, current]);
  return current.value;
}

function Doors({ lesson }: { lesson: LessonData }) {
  if (!lesson.accessible) return null;
  return (
    <div class="doors">
      {lesson.assessments.map(({ slug, title }) => (
        <a key={slug} class="button quiet wide" href={`/assessments/${slug}`}>
          {title} <Arrow />
        </a>
      ))}
    </div>
  );
}

const Finish = ({ assessments }: { assessments: Link[] }) => (
  <section class="finish" aria-labelledby="finish">
    <h2 id="finish">See what stayed</h2>
    <p>Every answer is explained.</p>
    <ul>
      {assessments.map(({ slug, title }) => (
        <li key={slug}>
          <a href={`/assessments/${slug}`}>
            {title} <Arrow />
          </a>
        </li>
      ))}
    </ul>
  </section>
);

const SHOWN_AT_FIRST = 6;

function Exercises({ exercises }: { exercises: Link[] }) {
  const isWhole = useSignal(exercises.length <= SHOWN_AT_FIRST + 2);
  const shown = isWhole.value ? exercises : exercises.slice(0, SHOWN_AT_FIRST);
  return (
    <section class="practice-list" aria-labelledby="exercises">
      <h2 id="exercises">Practice with numbers of your own</h2>
      <p>Every draw has other numbers and a worked solution in them. Nothing is at stake.</p>
      <ul>
        {shown.map(({ slug, title }) => (
          <li key={slug}>
            <a class="door" href={`/practice/${slug}`}>
              {title} <Arrow />
            </a>
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
          Show all {exercises.length}
        </button>
      )}
    </section>
  );
}

function AfterReading({ lesson }: { lesson: LessonData }) {
  return (
    <>
      {lesson.accessible && lesson.assessments.length > 0 && <Finish assessments={lesson.assessments} />}
      {lesson.accessible && lesson.exercises.length > 0 && <Exercises exercises={lesson.exercises} />}
      <NextStepHere here={`/lessons/${lesson.slug}`} />
      {lesson.related.length > 0 && (
        <section class="related" aria-labelledby="related">
          <h2 id="related">Related</h2>
          <ul>
            {lesson.related.map(({ title, kind, lesson: slug }) => (
              <li key={title}>
                {slug ? <a href={`/lessons/${slug}`}>{title}</a> : title} <span class="tag">{kind}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
