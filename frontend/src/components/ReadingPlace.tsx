import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { here } from "../router";
import { scrollKept } from "../scroll";
import { bookmark, leaveBookmark, shareRead } from "../state/reading";
import type { Heading } from "./Html";
import { Arrow } from "./icons";

/** A place that is left sooner was passed and not read. */
const REST = 400;

/** A line at the upper edge of the window as long as the part that was read; it keeps the place on this device. */
export function ReadingLine({ slug, section }: { slug: string; section: string | undefined }) {
  const share = useSignal(0);
  useEffect(() => {
    const measure = () => {
      const text = document.querySelector(".theory");
      if (text) share.value = shareRead(text.getBoundingClientRect(), innerHeight);
    };
    measure();
    addEventListener("scroll", measure, { passive: true });
    return () => removeEventListener("scroll", measure);
  }, [share]);
  useEffect(() => {
    if (section === undefined) return;
    const rest = setTimeout(() => leaveBookmark(slug, { section, share: share.value }), REST);
    return () => clearTimeout(rest);
  }, [slug, section, share.value]);
  return (
    <div class="reading-line" aria-hidden="true" style={{ transform: `scaleX(${share.value.toFixed(4)})` }} />
  );
}

/** The way on for somebody who comes back, unless the way back or the address already leads to a place. */
export function GoOn({ slug, headings }: { slug: string; headings: Heading[] }) {
  const left = useMemo(() => (isFreshArrival() ? bookmark(slug) : null), [slug]);
  const place = headings.findIndex(({ id }) => id === left?.section);
  const heading = headings[place];
  if (!heading || place === 0) return null;
  return (
    <p class="go-on">
      <a href={`#${heading.id}`}>
        Continue where you left off: <strong>{heading.title}</strong> <Arrow />
      </a>
    </p>
  );
}

const isFreshArrival = (): boolean => here().hash === "" && !scrollKept(history.state);
