import { type ComponentChildren, h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface ScrollableProps {
  /** What it holds, for those who do not see it: "Formula". */
  label: string;
  class?: string;
  /** A span where a paragraph is around it. */
  tag?: "div" | "span";
  children: ComponentChildren;
}

type Side = "start" | "end" | "both";
type Widths = Pick<HTMLElement, "scrollLeft" | "scrollWidth" | "clientWidth">;

/** The sides on which something is out of sight; undefined where everything is seen. */
export function hiddenSides({ scrollLeft, scrollWidth, clientWidth }: Widths): Side | undefined {
  const beyond = scrollWidth - clientWidth;
  // Widths are rounded to whole pixels, so a difference of one says nothing.
  if (beyond <= 1) return undefined;
  const [start, end] = [scrollLeft > 1, scrollLeft < beyond - 1];
  return start && end ? "both" : start ? "start" : "end";
}

/**
 * A box for what may be wider than the text: it scrolls sideways by itself and fades where there is more. Only while
 * something is out of sight does it stop the Tab key, for there is nothing to do at it otherwise.
 */
export function Scrollable({ label, class: name = "", tag = "div", children }: ScrollableProps) {
  const box = useRef<HTMLElement>(null);
  const [hidden, setHidden] = useState<Side>();
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setHidden(hiddenSides(element));
    const observer = new ResizeObserver(look);
    for (const watched of [element, ...element.children]) observer.observe(watched);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [children]);
  const reachable = hidden && { tabIndex: 0, role: "group", "aria-label": `${label}, scrolls sideways` };
  const inner = h(tag, { ref: box, class: "scroller", "data-hidden": hidden, ...reachable }, children);
  return h(tag, { class: `scrollable ${name}` }, inner);
}
