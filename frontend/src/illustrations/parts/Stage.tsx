import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The width before the first measurement, and where nothing is measured. */
const USUAL = 560;

export interface StageProps {
  /** What is drawn, for those who do not see it. */
  label: string;
  /** In CSS pixels, given the width. */
  height: (width: number) => number;
  /** Handles inside need a group; a picture without any is one image. */
  hasHandles?: boolean;
  children: (width: number, height: number) => ComponentChildren;
}

/** An SVG whose unit is a CSS pixel at every width, so that its text and its handles keep their size on a phone. */
export function Stage({ label, height, hasHandles = false, children }: StageProps) {
  const [element, width] = useWidth();
  const tall = Math.round(height(width));
  return (
    <div class="stage" ref={element}>
      <svg viewBox={`0 0 ${width} ${tall}`} role={hasHandles ? "group" : "img"} aria-label={label}>
        {children(width, tall)}
      </svg>
    </div>
  );
}

function useWidth(): [element: { current: HTMLDivElement | null }, width: number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(USUAL);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.round(entry?.contentRect.width ?? 0);
      if (measured > 0) setWidth(measured);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
