import { Decoration } from "./Decoration";
import { Handle } from "./Handle";
import type { Plot } from "./plot";

export interface CursorProps {
  label: string;
  plot: Plot;
  value: number;
  low: number;
  high: number;
  /** The distance of two stops, in the value's own unit; on a logarithmic scale in decades. */
  step: number;
  logarithmic?: boolean;
  /** The value in words. */
  words: string;
  onChange: (value: number) => void;
}

/** A line across a chart that is moved along its horizontal axis. */
export function Cursor({ plot, value, low, high, logarithmic = false, onChange, ...rest }: CursorProps) {
  const forth = logarithmic ? Math.log10 : (number: number) => number;
  const back = logarithmic ? (number: number) => 10 ** number : (number: number) => number;
  const { top, bottom } = plot.area;
  return (
    <>
      <Decoration class="cursor">
        <path d={`M${plot.x(value)} ${top}V${bottom}`} />
      </Decoration>
      <Handle
        {...rest}
        at={{ x: forth(value), y: 0 }}
        low={{ x: forth(low), y: 0 }}
        high={{ x: forth(high), y: 0 }}
        place={(point) => ({ x: plot.x(back(point.x)), y: bottom })}
        unplace={(place) => ({ x: forth(plot.unplace(place).x), y: 0 })}
        onMove={({ x }) => onChange(Number(back(x).toPrecision(6)))}
      />
    </>
  );
}
