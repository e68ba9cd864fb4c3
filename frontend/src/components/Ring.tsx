import type { ComponentChildren } from "preact";

export interface RingProps {
  /** Between 0 and 1. */
  share: number;
  /** What the ring says, for those who do not see it. */
  label: string;
  size?: "small" | "large";
  children?: ComponentChildren;
}

const LENGTH = 100;
/** Browsers measure a circle a little longer than it is: an arc of its length leaves a notch. */
const WHOLE = LENGTH + 2;

/** A share of a whole as an arc around its figure. */
export function Ring({ share, label, size = "small", children }: RingProps) {
  const shown = share >= 1 ? WHOLE : Math.max(0, share) * LENGTH;
  return (
    <div class={`ring ${size}`} role="img" aria-label={label}>
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <circle class="ring-track" cx="20" cy="20" r="17" pathLength={LENGTH} />
        {shown > 0 && (
          <circle
            class="ring-arc"
            cx="20"
            cy="20"
            r="17"
            pathLength={LENGTH}
            stroke-dasharray={`${shown} ${LENGTH}`}
          />
        )}
      </svg>
      <div class="ring-figure" aria-hidden="true">
        {children}
      </div>
    </div>
  );
}
