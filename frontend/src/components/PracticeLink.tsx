import type { Link } from "../api/types";
import { Arrow } from "./icons";

/** The way to an exercise that may be practiced now, or a word that there is none. `about`: what it is for. */
export const PracticeLink = ({ exercise, about }: { exercise: Link | null; about: string }) =>
  exercise ? (
    <a class="button quiet small" href={`/practice/${exercise.slug}`}>
      <span>
        Practice<span class="visually-hidden"> {about}</span>
      </span>
      <Arrow />
    </a>
  ) : (
    <span class="hint">no exercise now</span>
  );
