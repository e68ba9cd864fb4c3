import { type ReadonlySignal, signal } from "@preact/signals";
import { deviceStorage, isRecord, shelf } from "./storage";

const kept = shelf<unknown>(deviceStorage(), "setting", (stored) => stored);

interface Setting<Value> {
  signal: ReadonlySignal<Value>;
  set: (value: Value) => void;
}

/** A choice of the learner that this device remembers; what an older build wrote there is read with care. */
function setting<Value>(name: string, read: (stored: unknown) => Value): Setting<Value> {
  const current = signal(read(kept.get(name)));
  return {
    signal: current,
    set: (value) => {
      current.value = value;
      kept.put(name, value);
    },
  };
}

/**
 * Whether single keys are commands: 1 to 9, H, N, F and ?. Somebody who dictates, or whose hand trembles, gives them by
 * accident, so they can be turned off (WCAG 2.1.4).
 */
export const { signal: singleKeys, set: setSingleKeys } = setting(
  "single-keys",
  (stored) => stored !== false,
);

/** The minutes at which the time left can be spoken. */
export const WARNINGS = [10, 5, 1] as const;

export interface ClockChoice {
  /** The minutes at which the time left is spoken. */
  spokenAt: readonly number[];
  isHidden: boolean;
  /** Whether a hidden clock is shown again for the last minute. */
  comesBack: boolean;
}

/** How the time left is told: some are helped by it, and some made nervous. */
export const { signal: clockChoice, set: setClockChoice } = setting("clock", (stored): ClockChoice => {
  const choice = isRecord(stored) ? stored : {};
  const { spokenAt } = choice;
  return {
    spokenAt: Array.isArray(spokenAt) ? WARNINGS.filter((minutes) => spokenAt.includes(minutes)) : WARNINGS,
    isHidden: choice.isHidden === true,
    comesBack: choice.comesBack !== false,
  };
});
