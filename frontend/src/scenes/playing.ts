import { useEffect, useState } from "preact/hooks";
import type { Play } from "../illustrations/parts/play";
import { endOf, MOST_STEPS, nextStop, type Trail } from "../numbers/landscape";

/** Steps a second. */
export const SPEEDS = { low: 1, high: 12, usual: 6 };

/**
 * Playing the steps up to where a path leaves or all have come to rest. Who asked for less motion sees the next of
 * these places at once.
 */
export function usePlaying(
  trails: readonly Trail[],
  step: number,
  setStep: (step: number) => void,
  speed: number,
): Play {
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      setStep(step + 1);
      if (step + 1 >= nextStop(trails, step)) setPlaying(false);
    }, 1000 / speed);
    return () => clearTimeout(timer);
  }, [isPlaying, step, speed, trails, setStep]);
  const go = (to: number, running: boolean) => {
    setStep(to);
    setPlaying(running);
  };
  return {
    shown: step,
    isPlaying,
    step: () => go(Math.min(step + 1, MOST_STEPS), false),
    reset: () => go(0, false),
    toggle: () => {
      if (isPlaying) return setPlaying(false);
      const from = step >= endOf(trails) ? 0 : step;
      if (prefersStillness()) go(nextStop(trails, from), false);
      else go(from, true);
    },
  };
}

export const prefersStillness = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
