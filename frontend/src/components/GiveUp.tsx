import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { PlaceProps } from "./OpenItem";
import { figure } from "./words";

/** Offers the solution to whoever has tried, or has had every hint, and says first what it costs. */
export function GiveUp({ sitting, place }: PlaceProps) {
  const isAsked = useSignal(false);
  const isBusy = useSignal(false);
  const stay = useRef<HTMLButtonElement>(null);
  const { hints, hints_available } = place.presentation.value;
  const isStuck = place.verdict.value?.correct === false || hints.length === hints_available;
  useEffect(() => {
    if (isAsked.value) stay.current?.focus();
  }, [isAsked.value]);
  if (!isStuck) return null;
  if (!isAsked.value)
    return (
      <button type="button" class="button quiet" onClick={() => (isAsked.value = true)}>
        Show the solution
      </button>
    );
  const show = async () => {
    isBusy.value = true;
    await place.showSolution().catch(sitting.failed);
    isBusy.value = false;
  };
  const entry = sitting.entries.value.find(({ position }) => position === place.position);
  return (
    <fieldset class="give-up">
      <legend>Show the solution?</legend>
      <p>
        This closes the question. It counts as it stands: {figure(entry?.score ?? 0)} of{" "}
        {figure(entry?.max_score ?? 0)}.
      </p>
      <button type="button" class="button small" disabled={isBusy.value} onClick={() => void show()}>
        {isBusy.value ? "Showing…" : "Close it and show the solution"}
      </button>
      <button ref={stay} type="button" class="button quiet small" onClick={() => (isAsked.value = false)}>
        Keep trying
      </button>
    </fieldset>
  );
}
