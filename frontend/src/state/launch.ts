import { signal } from "@preact/signals";
import type { Launch } from "../api/launch";

/**
 * The launch that opened this page from a course, with the token that says who asks; null everywhere else.
 *
 * The token is kept nowhere else: the browser's storage would hand it to its next launch, which may be somebody else's.
 */
export const launch = signal<Launch | null>(null);

export interface Home {
  name: string;
  address: string;
}

/** The screens that a launch is about: the first is where the app begins, and all are ways back. */
export function homesOf({ is_teacher, attempt, assessment }: Launch): Home[] {
  const homes: Home[] = [];
  if (attempt) homes.push({ name: "Result", address: `/attempts/${attempt}/result` });
  if (is_teacher) homes.push({ name: "Grades", address: "/launched/grades" });
  else if (assessment) homes.push({ name: "Assignment", address: `/assessments/${assessment}` });
  return homes;
}

/** Whether a teacher was sent to this attempt, which is then somebody else's. */
export const isReviewed = (attempt: string): boolean =>
  launch.value?.is_teacher === true && launch.value.attempt === attempt;
