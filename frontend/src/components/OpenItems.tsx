import { useEffect, useRef } from "preact/hooks";
import type { Place } from "../state/place";
import type { Sitting } from "../state/sitting";
import { FailureNote } from "./FailureNote";
import { bySection } from "./Navigator";
import { OpenItem, titleId } from "./OpenItem";

/** What is shown of the attempt: the open question, or all of them below one another. */
export function OpenItems({ sitting }: { sitting: Sitting }) {
  const { value: place } = sitting.place;
  if (sitting.isOnePage.value) return <OnePage sitting={sitting} />;
  if (!place) return <AllAnswered sitting={sitting} />;
  return <OpenItem key={place.position} sitting={sitting} place={place} />;
}

function OnePage({ sitting }: { sitting: Sitting }) {
  const page = useRef<HTMLDivElement>(null);
  const wanted = sitting.wanted.value;
  useEffect(() => {
    const title = wanted && page.current?.querySelector<HTMLElement>(`#${titleId(wanted)}`);
    // The bar stays above: the margin of the card keeps clear of it.
    title?.closest("article")?.scrollIntoView();
    title?.focus({ preventScroll: true });
  }, [wanted]);
  return (
    <div class="one-page" ref={page}>
      {bySection(sitting.places.value.map(inSection)).map(({ section, members }, index) => (
        <section key={index}>
          {section && <h2>{section}</h2>}
          {members.map(({ place }) => (
            <OpenItem key={place.position} sitting={sitting} place={place} />
          ))}
        </section>
      ))}
    </div>
  );
}

const inSection = (place: Place) => ({ place, section: place.presentation.peek().section });

function AllAnswered({ sitting }: { sitting: Sitting }) {
  const isNews = sitting.moved;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that led here is gone, and the focus with it.
    if (isNews) heading.current?.focus();
  }, [isNews]);
  return (
    <div class="card all-answered">
      <h2 ref={heading} tabIndex={-1}>
        Every question has its answer
      </h2>
      <p>Hand in when you are ready, or go back to one of them.</p>
      <FailureNote failure={sitting.failure.value} />
    </div>
  );
}
