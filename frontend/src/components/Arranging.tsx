import { useEffect, useRef } from "preact/hooks";
import * as api from "../api/launch";
import { useResource } from "../state/resource";
import { type Entered, Field, Form } from "./Form";
import { Loaded } from "./Loaded";
import { count } from "./words";

interface Props {
  /** For whom: one, or all who are listed. */
  people: api.PersonGrade[];
  assignment: string;
  /** Called with what has been done, in words. */
  done: (words: string) => void;
  cancel: () => void;
}

const FIELDS = ["time_factor", "extra_minutes", "extra_attempts", "tries", "closes_at", "reason"];

/** More time, attempts or tries, or a later closing, for learners of a course: by its teacher, and at once. */
export function Arranging({ people, assignment, done, cancel }: Props) {
  const [only] = people;
  const one = people.length === 1 && only ? only : null;
  const whom = one?.name ?? `all ${people.length}`;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    heading.current?.scrollIntoView({ block: "nearest" });
  }, [one]);
  const now = useResource(`arranged for ${one?.learner}`, async () =>
    one ? api.arrangedFor(one.learner, assignment) : null,
  );
  const save = async (entered: Entered) => {
    const learners = people.map(({ learner }) => learner);
    const { arranged, extended } = await api.arrange(learners, assignment, termsOf(entered));
    const reached = extended.length ? ` ${count(extended.length, "attempt")} under way reached.` : "";
    done(`Arranged for ${one ? whom : count(arranged, "learner")}.${reached}`);
  };
  const end = async () => {
    if (one) await api.arrangeNothing(one.learner, assignment);
    done(`Nothing is arranged for ${whom} any more. An attempt under way keeps what it has.`);
  };
  return (
    <section class="card arranging" aria-labelledby="arranging-title">
      <h2 id="arranging-title" ref={heading} tabIndex={-1}>
        Arrange something for {whom}
      </h2>
      <p class="hint">
        It reaches an attempt under way at once, and takes nothing away. It takes the place of what was
        arranged here before.
      </p>
      <Loaded from={now}>
        {(before) => (
          <>
            <Form
              class="account-form"
              fields={FIELDS}
              action="Arrange it"
              send={save}
              beside={
                <button type="button" class="button quiet" onClick={cancel}>
                  Close
                </button>
              }
            >
              {(failure) => <TermsFields before={before} failure={failure} />}
            </Form>
            {before && (
              <Form
                class="account-form"
                fields={[]}
                action="Arrange nothing any more"
                kind="grave"
                send={end}
              >
                {() => null}
              </Form>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function TermsFields({ before, failure }: { before: api.Terms | null; failure: unknown }) {
  const number = { type: "number", autoComplete: "off", failure } as const;
  return (
    <div class="terms">
      <Field
        {...number}
        name="extra_minutes"
        label="Minutes more"
        min={0}
        value={`${before?.extra_minutes ?? 0}`}
      />
      <Field
        {...number}
        name="time_factor"
        label="Times as long"
        min={1}
        step={0.05}
        value={`${before?.time_factor ?? 1}`}
      />
      <Field
        {...number}
        name="extra_attempts"
        label="Attempts more"
        min={0}
        value={`${before?.extra_attempts ?? 0}`}
      />
      <Field
        {...number}
        name="tries"
        label="Tries for each question"
        min={1}
        required={false}
        value={`${before?.tries ?? ""}`}
        hint="Empty: as many as usual."
      />
      <Field
        name="closes_at"
        type="datetime-local"
        label="Closes for them"
        autoComplete="off"
        required={false}
        value={localTime(before?.closes_at ?? null)}
        hint="Empty: as for all."
        failure={failure}
      />
      <Field
        name="reason"
        label="Why"
        autoComplete="off"
        required={false}
        value={before?.reason ?? ""}
        failure={failure}
      />
      <label class="switch">
        <input type="checkbox" name="no_limit" defaultChecked={before?.no_limit ?? false} />
        No time limit
      </label>
    </div>
  );
}

export function termsOf(entered: Entered): api.Terms {
  const [tries, closes] = [entered("tries"), entered("closes_at")];
  return {
    extra_minutes: Number(entered("extra_minutes")),
    time_factor: Number(entered("time_factor")),
    extra_attempts: Number(entered("extra_attempts")),
    tries: tries ? Number(tries) : null,
    closes_at: closes ? new Date(closes).toISOString() : null,
    reason: entered("reason"),
    no_limit: entered("no_limit") === "on",
  };
}

/** A moment as a field for dates takes it: by the clock of this browser. */
export function localTime(moment: string | null): string {
  if (moment === null) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
