import type { ComponentChild } from "preact";
import type { Excerpt } from "../api/types";

/** Where a lesson has the words of a search, and the way to that section. */
export function ExcerptLine({ lesson, excerpt }: { lesson: string; excerpt: Excerpt }) {
  const { section, heading } = excerpt;
  return (
    <p class="excerpt">
      {section > 0 && (
        <>
          <a href={`/lessons/${lesson}#section-${section}`}>{heading}</a>{" "}
        </>
      )}
      <q>{marked(excerpt)}</q>
    </p>
  );
}

/** The text with its matches marked; the server counts characters, JavaScript counts halves of some. */
export function marked({ text, matches }: Excerpt): ComponentChild[] {
  const characters = Array.from(text);
  const piece = (from: number, to?: number) => characters.slice(from, to).join("");
  let from = 0;
  const parts = matches.flatMap(([start = 0, stop = 0]): ComponentChild[] => {
    const before = piece(from, start);
    from = stop;
    return [before, <mark key={start}>{piece(start, stop)}</mark>];
  });
  return [...parts, piece(from)];
}
