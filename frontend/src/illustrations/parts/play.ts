import { useEffect, useState } from "preact/hooks";

export interface Play {
  /** How many of the steps are shown. */
  shown: number;
  isPlaying: boolean;
  /** One more step; after the last it begins again. */
  step: () => void;
  /** Runs from here, after the last from the start; a running one stops. */
  toggle: () => void;
  reset: () => void;
}

/** Steps that the reader takes one by one or lets run. Who asked for less motion sees the last one at once. */
export function usePlay(last: number, pace = 350): Play {
  const [reached, setReached] = useState(last);
  const [isRunning, setRunning] = useState(false);
  const shown = Math.min(reached, last);
  const isPlaying = isRunning && shown < last;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => setReached(shown + 1), pace);
    return () => clearTimeout(timer);
  }, [isPlaying, shown, pace]);
  const go = (to: number, running: boolean) => {
    setReached(to);
    setRunning(running);
  };
  return {
    shown,
    isPlaying,
    step: () => go(shown < last ? shown + 1 : 1, false),
    toggle: () => {
      if (isPlaying) setRunning(false);
      else if (prefersStillness()) go(last, false);
      else go(shown < last ? shown : 0, true);
    },
    reset: () => go(0, false),
  };
}

const prefersStillness = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
