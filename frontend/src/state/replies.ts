/** What the reply to an answer says about the attempt and the place, so that neither has to be asked for again. */
import type { Attempt, AttemptPresentation, Presentation, Reply } from "../api/types";

/** The attempt after an answer, with the item that it goes on to. Its state is left to whoever shows the end. */
export function attemptAfter(before: Attempt, reply: Reply): Attempt {
  const { score, max_score } = reply.attempt;
  const presentations = before.presentations.map((one) =>
    one.position === reply.position ? entryAfter(one, reply) : one,
  );
  if (reply.next && !presentations.some((one) => one.position === reply.next?.position))
    presentations.push(entryOf(reply.next));
  return { ...before, score, max_score, presentations };
}

/** The item after an answer to it: what was typed before has been sent. */
export const presentationAfter = (before: Presentation, { place }: Reply): Presentation => ({
  ...before,
  ...place,
  draft: null,
});

/** Whether the answer was taken and nothing is said about it, so that there is nothing to read. */
export const tellsNothing = ({ valid, correct }: Reply): boolean => valid && correct === null;

const entryAfter = (
  before: AttemptPresentation,
  { place, standing, max_score }: Reply,
): AttemptPresentation => ({
  ...before,
  state: place.state,
  tries_left: place.tries_left,
  score: standing,
  max_score,
});

/** What an item counts for is said with its verdict. */
const entryOf = ({ position, section, state, tries_left }: Presentation): AttemptPresentation => ({
  position,
  section,
  state,
  tries_left,
  score: null,
  max_score: 0,
});
