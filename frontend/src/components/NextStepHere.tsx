import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api/calls";
import type { NextStep as Step } from "../api/types";
import { isKnown } from "../state/session";
import { addressOf, NextStep } from "./NextStep";
import { useNearness } from "./nearness";

/** The next step at the foot of a screen, looked up when the reader comes near; strangers have none. */
export function NextStepHere({ here }: { here: string }) {
  const { element, isNear } = useNearness<HTMLDivElement>();
  const step = useSignal<Step | null>(null);
  const isWanted = isNear && isKnown.value;
  useEffect(() => {
    if (!isWanted) return;
    // The screen is whole without it, so a failure leaves its place empty.
    api.progress().then(
      ({ next_step }) => {
        step.value = next_step;
      },
      () => undefined,
    );
  }, [isWanted, step]);
  const found = step.value;
  const isElsewhere = found !== null && found.kind !== "nothing" && addressOf(found) !== here;
  return <div ref={element}>{isElsewhere && <NextStep step={found} />}</div>;
}
