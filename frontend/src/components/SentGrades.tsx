import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api/launch";
import { isReviewed, launch } from "../state/launch";
import { lookUntil } from "../state/looking";

/** Where nothing is to be sent, no looking brings it about; a grade is made within a minute. */
const LOOKS_FOR_ONE = 10;

/** What became of the grade of an attempt, at each platform that is to have it; only in a launch. */
export function SentGrades({ attempt }: { attempt: string }) {
  const grades = useSignal<api.SentGrade[]>([]);
  const isLaunched = launch.value !== null;
  useEffect(() => {
    if (!isLaunched) return;
    let looks = 0;
    return lookUntil(
      () => api.sentGrades(attempt),
      (found) => {
        grades.value = found;
        looks += 1;
        return found.length === 0 ? looks >= LOOKS_FOR_ONE : found.every(({ state }) => state !== "waiting");
      },
    );
  }, [attempt, grades, isLaunched]);
  if (!isLaunched) return null;
  return (
    <div class="sent-grades" role="status">
      {grades.value.map((grade, index) => (
        <p key={index} class="aside" data-state={grade.state}>
          {wordsOn(grade, isReviewed(attempt))}
        </p>
      ))}
    </div>
  );
}

/** `isOthers`: a teacher reads it. */
function wordsOn({ state, platform, reason }: api.SentGrade, isOthers: boolean): string {
  const grade = `${isOthers ? "The" : "Your"} grade`;
  if (state === "sent") return `${grade} was sent to ${platform}.`;
  if (state === "waiting") return `${grade} is on its way to ${platform}.`;
  const words = [
    `${grade} has not arrived at ${platform} yet.`,
    reason,
    !isOthers && "Your teacher sees this too.",
  ];
  return words.filter(Boolean).join(" ");
}
