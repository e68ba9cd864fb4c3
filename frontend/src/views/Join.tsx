import { useSignal } from "@preact/signals";
import * as api from "../api/calls";
import { ApiFailure } from "../api/failure";
import type { Invitation } from "../api/types";
import { FailureNote } from "../components/FailureNote";
import { type Entered, Field, Form } from "../components/Form";
import { Loaded } from "../components/Loaded";
import { Screen } from "../components/Screen";
import { navigate } from "../router";
import { announce } from "../state/announcer";
import { useResource } from "../state/resource";
import { isMember } from "../state/session";

/** Joining a course: by a link, which shows first what it leads to, or by its code. */
export const Join = ({ code }: { code: string | null }) =>
  code === null ? <ByCode /> : <ByLink code={code} />;

const isUnknown = (failure: unknown): boolean =>
  failure instanceof ApiFailure && failure.code === "unknown_join_code";

/** The course that a code opens, or null where there is none. */
async function look(code: string): Promise<Invitation | null> {
  try {
    return await api.invitation(code);
  } catch (failure) {
    if (isUnknown(failure)) return null;
    throw failure;
  }
}

function ByLink({ code }: { code: string }) {
  const loaded = useResource(code, () => look(code));
  return (
    <Loaded from={loaded}>
      {(found) => (found ? <Invited code={code} invitation={found} /> : <ByCode unknown={code} />)}
    </Loaded>
  );
}

function ByCode({ unknown = null }: { unknown?: string | null }) {
  const send = async (entered: Entered) => {
    const code = entered("code")
      .replace(/[^\p{L}\p{N}]+/gu, "")
      .toUpperCase();
    navigate(code ? `/join/${encodeURIComponent(code)}` : "/join");
  };
  return (
    <Screen
      title={unknown ? "No course has this code" : "Join a course"}
      class="narrow account-screen join-course"
    >
      <p>
        {unknown
          ? "Look whether it is whole, or ask your teacher for it again."
          : "Your teacher gives you a link, or a code of eight letters and digits."}
      </p>
      <Form fields={["code"]} action="Look it up" send={send}>
        {(failure) => <Field name="code" label="Code" autoComplete="off" failure={failure} />}
      </Form>
    </Screen>
  );
}

function Invited({ code, invitation }: { code: string; invitation: Invitation }) {
  const { title, teachers, course } = invitation;
  return (
    <Screen title={`Join “${title}”`} class="narrow account-screen join-course">
      {teachers.length > 0 && <p>A course with {teachers.join(", ")}.</p>}
      {course ? (
        <p class="course-join">
          <span>You are in this course already.</span>
          <a class="button" href={`/courses/${course}`}>
            Go to the course
          </a>
        </p>
      ) : isMember.value ? (
        <JoinButton code={code} />
      ) : (
        <Door code={code} />
      )}
    </Screen>
  );
}

function JoinButton({ code }: { code: string }) {
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const join = async () => {
    isBusy.value = true;
    failure.value = null;
    try {
      const { id, title } = await api.joinCourse(code);
      announce(`You are in the course ${title}.`);
      navigate(`/courses/${id}`, { replace: true });
    } catch (error) {
      failure.value = error;
      isBusy.value = false;
    }
  };
  return (
    <div class="course-join">
      <p>Your teachers will see your name and what you do in the course.</p>
      <button type="button" class="button large" onClick={join} disabled={isBusy.value}>
        Join the course
      </button>
      <FailureNote failure={failure.value} />
    </div>
  );
}

/** Whoever has no name yet gets one, and comes back here. */
function Door({ code }: { code: string }) {
  const then = `?then=${encodeURIComponent(`/join/${code}`)}`;
  return (
    <div class="course-join">
      <p>Sign in to join it, or create an account. You come back here.</p>
      <p class="actions">
        <a class="button" href={`/sign-in${then}`}>
          Sign in
        </a>
        <a class="button quiet" href={`/sign-up${then}`}>
          Create an account
        </a>
      </p>
    </div>
  );
}
