import type { ComponentChild, ComponentChildren } from "preact";

/** What the lines and marks of a figure mean. */
export const Legend = ({ children }: { children: ComponentChildren }) => (
  <div class="figure-legend">{children}</div>
);

/** One entry: a sample of its line or mark in a box of 28 by 12, and its words. */
export const Entry = ({ sample, children }: { sample: ComponentChild; children: ComponentChild }) => (
  <span class="figure-entry">
    <svg viewBox="0 0 28 12" class="figure-swatch" aria-hidden="true">
      {sample}
    </svg>
    <span>{children}</span>
  </span>
);

/** A sample of a series of lines. */
export const LineEntry = ({ series, children }: { series: number; children: ComponentChild }) => (
  <Entry sample={<path class="figure-curve" data-series={series} d="M0 6H28" />}>{children}</Entry>
);
