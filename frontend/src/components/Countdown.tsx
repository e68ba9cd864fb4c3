import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../state/announcer";
import { serverClock } from "../state/clock";
import { extension, formatTimeLeft, isShort, timeLeft, warningBetween } from "../state/countdown";
import { clockChoice, setClockChoice, WARNINGS } from "../state/settings";
import { Clock } from "./icons";

export interface CountdownProps {
  /** An ISO moment by the server's clock. */
  deadline: string;
  onEnd: () => void;
}

const TICK = 250;

/** The time left, by the server's clock, and how it is told: spoken at some minutes, shown or not. */
export function Countdown({ deadline, onEnd }: CountdownProps) {
  const left = useTimeLeft({ deadline, onEnd });
  const { isHidden, comesBack } = clockChoice.value;
  const isShown = !isHidden || (comesBack && isShort(left));
  return (
    <div class="countdown">
      {/* A time that runs is read on demand; its warnings are announced. */}
      <p class="countdown-time" role="timer" data-short={isShown && isShort(left)}>
        <Clock />
        <span class="visually-hidden">Time left: </span>
        {isShown ? formatTimeLeft(left) : <span class="countdown-hidden">hidden</span>}
      </p>
      <ClockMenu />
    </div>
  );
}

function useTimeLeft({ deadline, onEnd }: CountdownProps): number {
  const left = useSignal(timeLeft(deadline, serverClock.now()) ?? 0);
  useNewsOfExtension(deadline);
  useEffect(() => {
    const timer = setInterval(() => {
      const before = left.peek();
      const now = timeLeft(deadline, serverClock.now()) ?? 0;
      left.value = now;
      const warning = warningBetween(before, now, clockChoice.peek().spokenAt);
      if (warning) announce(warning);
      if (now === 0) {
        clearInterval(timer);
        onEnd();
      }
    }, TICK);
    return () => clearInterval(timer);
  }, [deadline, onEnd, left]);
  return left.value;
}

/** Say that the deadline was put off, once for each time. */
function useNewsOfExtension(deadline: string): void {
  const known = useRef(deadline);
  useEffect(() => {
    if (Date.parse(deadline) > Date.parse(known.current))
      announce(extension(timeLeft(deadline, serverClock.now()) ?? 0));
    known.current = deadline;
  }, [deadline]);
}

/** Small, because few want it, and beside the clock, where those who do look for it. */
function ClockMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const choice = clockChoice.value;
  const change = (changed: Partial<typeof choice>) => setClockChoice({ ...choice, ...changed });
  const speakAt = (minutes: number, isOn: boolean) =>
    change({ spokenAt: WARNINGS.filter((one) => (one === minutes ? isOn : choice.spokenAt.includes(one))) });
  const close = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !menu.current?.open) return;
    menu.current.open = false;
    menu.current.querySelector("summary")?.focus();
  };
  return (
    <details class="menu clock-menu" ref={menu} onKeyDown={close}>
      <summary aria-label="How the time is told">⋯</summary>
      <div class="menu-items">
        <Switch isOn={!choice.isHidden} set={(isShown) => change({ isHidden: !isShown })}>
          Show the time left
        </Switch>
        {choice.isHidden && (
          <Switch isOn={choice.comesBack} set={(comesBack) => change({ comesBack })}>
            Show it for the last minute
          </Switch>
        )}
        <fieldset>
          <legend>A spoken warning at</legend>
          {WARNINGS.map((minutes) => (
            <Switch
              key={minutes}
              isOn={choice.spokenAt.includes(minutes)}
              set={(isOn) => speakAt(minutes, isOn)}
            >
              {minutes === 1 ? "1 minute" : `${minutes} minutes`}
            </Switch>
          ))}
        </fieldset>
      </div>
    </details>
  );
}

interface SwitchProps {
  isOn: boolean;
  set: (isOn: boolean) => void;
  children: preact.ComponentChildren;
}

const Switch = ({ isOn, set, children }: SwitchProps) => (
  <label class="switch">
    <input type="checkbox" checked={isOn} onChange={(event) => set(event.currentTarget.checked)} /> {children}
  </label>
);
