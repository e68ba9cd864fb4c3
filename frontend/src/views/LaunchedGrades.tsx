import { useSignal } from "@preact/signals";
import { useCallback, useEffect, useRef } from "preact/hooks";
import * as api from "../api/launch";
import { Arranging } from "../components/Arranging";
import { FailureNote } from "../components/FailureNote";
import { LaunchOver } from "../components/LaunchOver";
import { Loaded } from "../components/Loaded";
import { Screen } from "../components/Screen";
import { Scrollable } from "../components/Scrollable";
import { figure, moment } from "../components/words";
import { announce } from "../state/announcer";
import { launch } from "../state/launch";
import { lookUntil } from "../state/looking";
import { useResource } from "../state/resource";

/** Who has done what, and whether the course has the grades: where the launch of a teacher leads. */
export const LaunchedGrades = () => (launch.value ? <Grades /> : <LaunchOver />);

const Grades = () => (
  <Loaded from={useResource("grades", api.courseGrades)}>{(grades) => <Ready first={grades} />}</Loaded>
);

function Ready({ first }: { first: api.LinkGrades }) {
  const { grades, failure, isBusy, sendAgain } = useSending(first);
  const { title, people } = grades;
  const { assessment = null, assignment = null } = launch.value ?? {};
  const arrangedFor = useSignal<api.PersonGrade[] | null>(null);
  const arranged = useSignal("");
  const opener = useRef<Element | null>(null);
  const arrange = (chosen: api.PersonGrade[]) => {
    opener.current = document.activeElement;
    arranged.value = "";
    arrangedFor.value = chosen;
  };
  const close = (words = "") => {
    arranged.value = words;
    arrangedFor.value = null;
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
  return (
    <Screen title={`Grades: ${title}`} class="launched-grades narrow">
      {people.length === 0 ? (
        <p class="lead">Nobody in the course has opened this yet. Whoever does is listed here.</p>
      ) : (
        <GradesTable
          people={people}
          isBusy={isBusy}
          sendAgain={sendAgain}
          arrange={assignment ? (person) => arrange([person]) : null}
        />
      )}
      {arrangedFor.value && assignment && (
        <Arranging
          key={arrangedFor.value.map(({ id }) => id).join()}
          people={arrangedFor.value}
          assignment={assignment}
          done={close}
          cancel={() => close()}
        />
      )}
      <p role="status" class="account-done">
        {arranged.value}
      </p>
      <FailureNote failure={failure} />
      <div class="actions">
        {people.length > 0 && (
          <button type="button" class="button" disabled={isBusy} onClick={() => sendAgain(null)}>
            Send all again
          </button>
        )}
        {people.length > 0 && assignment && (
          <button type="button" class="button quiet" onClick={() => arrange(people)}>
            Arrange something for all…
          </button>
        )}
        {assessment && (
          <a class="button quiet" href={`/assessments/${assessment}`}>
            Preview as a learner
          </a>
        )}
      </div>
    </Screen>
  );
}

type SendAgain = (person: api.PersonGrade | null) => void;

/** The grades as they stand, and the sending of them; what is on its way is looked at until it is there. */
function useSending(first: api.LinkGrades) {
  const grades = useSignal(first);
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isWaiting = !isBusy.value && grades.value.people.some(isOnItsWay);
  useEffect(() => {
    if (!isWaiting) return;
    return lookUntil(api.courseGrades, (found) => {
      grades.value = found;
      return !found.people.some(isOnItsWay);
    });
  }, [isWaiting, grades]);
  const sendAgain: SendAgain = useCallback(
    async (person) => {
      isBusy.value = true;
      failure.value = null;
      try {
        grades.value = await api.sendGradesAgain(person?.id ?? null);
        announce(`${person ? `The grade of ${person.name} is` : "All grades are"} sent again.`);
      } catch (error) {
        failure.value = error;
      } finally {
        isBusy.value = false;
      }
    },
    [grades, failure, isBusy],
  );
  return { grades: grades.value, failure: failure.value, isBusy: isBusy.value, sendAgain };
}

const isOnItsWay = ({ state }: api.PersonGrade): boolean => state === "waiting";

interface TableProps {
  people: api.PersonGrade[];
  isBusy: boolean;
  sendAgain: SendAgain;
  arrange: ((person: api.PersonGrade) => void) | null;
}

const GradesTable = ({ people, isBusy, sendAgain, arrange }: TableProps) => (
  <Scrollable label="Grades" class="grades">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Attempts</th>
          <th scope="col">Grade</th>
          <th scope="col">In the course</th>
          {arrange && <th scope="col">More time</th>}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id} data-state={person.state}>
            <th scope="row">{person.name}</th>
            <td>{person.attempts}</td>
            <td>{gradeWords(person)}</td>
            <td>
              {stateWords(person)}{" "}
              {person.state === "parked" && (
                <button
                  type="button"
                  class="button quiet small"
                  disabled={isBusy}
                  onClick={() => sendAgain(person)}
                >
                  Send again<span class="visually-hidden">: {person.name}</span>
                </button>
              )}
            </td>
            {arrange && (
              <td>
                <button type="button" class="button quiet small" onClick={() => arrange(person)}>
                  Arrange…<span class="visually-hidden"> for {person.name}</span>
                </button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </Scrollable>
);

const gradeWords = ({ score, maximum }: api.PersonGrade): string =>
  score === null || maximum === null ? "none yet" : `${figure(score)} of ${figure(maximum)}`;

function stateWords({ state, reason, sent_at }: api.PersonGrade): string {
  if (state === "none") return "no attempt yet";
  if (state === "waiting") return "on its way";
  if (state === "sent") return [sent_at ? `sent ${moment(sent_at)}.` : "sent.", reason].join(" ").trim();
  return reason ? `refused: ${reason}` : "refused";
}
