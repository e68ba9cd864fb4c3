import { useEffect, useState } from "preact/hooks";
import { endOf, nextStop, type Trail } from "../numbers/landscape";

export const SPEEDS = { low: 1, high: 12, usual: 6 };

export interface Playing {
  isPlaying: boolean;
  /** Whether the reader wants no movement: playing then goes to the next stop at once. */
  isStill: boolean;
  toggle: () => void;
  stop: () => void;
}

/** Playing the steps at so many a second, up to where a path leaves or all have come to rest. */
export function usePlaying(
  trails: readonly Trail[],
  step: number,
  setStep: (step: number) => void,
  speed: number,
): Playing {
  const [isPlaying, setPlaying] = useState(false);
  const isStill = useStillness();
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      setStep(step + 1);
      if (step + 1 >= nextStop(trails, step)) setPlaying(false);
    }, 1000 / speed);
    return () => clearTimeout(timer);
  }, [isPlaying, step, speed, trails, setStep]);
  return {
    isPlaying,
    isStill,
    stop: () => setPlaying(false),
    toggle: () => {
      const from = step >= endOf(trails) ? 0 : step;
      if (isStill) setStep(nextStop(trails, from));
      else {
        setStep(from);
        setPlaying(!isPlaying);
      }
    },
  };
}

function useStillness(): boolean {
  const [isStill, setStill] = useState(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-reduced-motion: reduce)");
    const change = () => setStill(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return isStill;
}
