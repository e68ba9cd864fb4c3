import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Plot } from "./plot";

/** Cuts off what leaves the area within the axes. */
export function Clip({ plot, children }: { plot: Plot; children: ComponentChildren }) {
  const id = useId();
  const { left, right, top, bottom } = plot.area;
  return (
    <>
      <clipPath id={id}>
        <rect x={left} y={top} width={Math.max(right - left, 0)} height={Math.max(bottom - top, 0)} />
      </clipPath>
      <g clip-path={`url(#${id})`}>{children}</g>
    </>
  );
}
