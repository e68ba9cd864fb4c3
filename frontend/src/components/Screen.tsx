import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../state/announcer";

export interface ScreenProps {
  /** The title of the page, and of the tab. */
  title: string;
  class?: string;
  /** The heading, where it is more than the title. */
  heading?: ComponentChildren;
  /** The way back, above the heading. */
  above?: ComponentChildren;
  children: ComponentChildren;
}

let isFirstScreen = true;

/** A screen that is ready: names the tab, and moves the focus to its heading as a page load would. */
export function useArrival(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === "Assay" ? title : `${title} · Assay`;
    if (isFirstScreen) isFirstScreen = false;
    else {
      heading.current?.focus({ preventScroll: true });
      announce(title);
    }
  }, [title]);
  return heading;
}

export function Screen({ title, class: name = "", heading, above, children }: ScreenProps) {
  const ref = useArrival(title);
  return (
    <div class={`screen ${name}`}>
      {above}
      <h1 ref={ref} tabIndex={-1}>
        {heading ?? title}
      </h1>
      {children}
    </div>
  );
}
