import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { announce } from "../state/announcer";
import { serverClock } from "../state/clock";
import { formatTimeLeft, isShort, timeLeft, warningBetween } from "../state/countdown";
import { Clock } from "./icons";

export interface CountdownProps {
  /** An ISO moment by the server's clock. */
  deadline: string;
  onEnd: () => void;
}

const TICK = 250;

/** The time left, by the server's clock. A screen reader hears it at ten, five and one minutes. */
export function Countdown({ deadline, onEnd }: CountdownProps) {
  const left = useSignal(timeLeft(deadline, serverClock.now()) ?? 0);
  useEffect(() => {
    const timer = setInterval(() => {
      const before = left.peek();
      const now = timeLeft(deadline, serverClock.now()) ?? 0;
      left.value = now;
      const warning = warningBetween(before, now);
      if (warning) announce(warning);
      if (now === 0) {
        clearInterval(timer);
        onEnd();
      }
    }, TICK);
    return () => clearInterval(timer);
  }, [deadline, onEnd, left]);
  return (
    <p class="countdown" role="timer" data-short={isShort(left.value)}>
      <Clock />
      <span class="visually-hidden">Time left: </span>
      {formatTimeLeft(left.value)}
    </p>
  );
}
