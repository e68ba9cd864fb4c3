import { ball, path } from "./geometry";

/** A small number that is always the same for the same text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

const NORMS = [0.6, 0.8, 1, 1.3, 1.6, 2, 3, 5];
const RINGS = 4;

/** The sign of a lesson: nested balls of norms that its name picks, so that each lesson is known by its shape. */
export function LessonMark({ slug }: { slug: string }) {
  const seed = hash(slug);
  const from = seed % NORMS.length;
  const step = (seed >>> 8) % 2 === 0 ? 1 : NORMS.length - 1;
  const norms = Array.from({ length: RINGS }, (_, ring) => NORMS[(from + ring * step) % NORMS.length] ?? 2);
  return (
    <svg class="lesson-mark" viewBox="-50 -50 100 100" aria-hidden="true" focusable="false">
      {norms.map((p, ring) => (
        <path key={ring} data-ring={ring} d={path(ball(p, 44 - ring * 11, 120))} />
      ))}
    </svg>
  );
}
