import { useEffect, useState } from "preact/hooks";

/** A screen reader hears of a change when the reader's hand has rested for so long. */
const REST = 500;

/** What a figure shows now, in a sentence or two; it is announced when it has stopped changing. */
export function Reading({ words }: { words: string }) {
  const [announced, setAnnounced] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAnnounced(words), REST);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <>
      <p class="reading" aria-hidden="true">
        {words}
      </p>
      <p class="visually-hidden" role="status">
        {announced}
      </p>
    </>
  );
}
