import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Sitting } from "../state/sitting";
import { FailureNote } from "./FailureNote";

/** Ends the attempt, after saying what would be left open. */
export function HandIn({ sitting }: { sitting: Sitting }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  const left = sitting.unanswered.value.map((entry) => entry.position);
  const flagged = sitting.mayReturn.value ? [...sitting.flags.all].sort((one, other) => one - other) : [];
  return (
    <>
      <button
        type="button"
        class={left.length === 0 ? "button wide" : "button quiet wide"}
        onClick={() => dialog.current?.showModal()}
      >
        Hand in
      </button>
      <dialog ref={dialog} class="confirm" aria-labelledby="hand-in-title">
        <h2 id="hand-in-title">Hand in now?</h2>
        {left.length === 0 ? (
          <p>Every question is answered.</p>
        ) : (
          <Places
            title={left.length === 1 ? "One question is open:" : `${left.length} questions are open:`}
            positions={left}
            sitting={sitting}
            close={close}
          />
        )}
        {flagged.length > 0 && (
          <Places title="You flagged for later:" positions={flagged} sitting={sitting} close={close} />
        )}
        <OnTheirWay positions={sitting.underWay.value} />
        <p class="hint">
          You cannot change answers afterwards. Anything that you entered but did not send is sent as it is.
        </p>
        <Decision submit={() => sitting.submit()} close={close} />
      </dialog>
    </>
  );
}

function Decision({ submit, close }: { submit: () => Promise<void>; close: () => void }) {
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const handIn = async () => {
    isBusy.value = true;
    failure.value = null;
    try {
      await submit();
    } catch (error) {
      failure.value = error;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <>
      <FailureNote failure={failure.value} />
      <div class="confirm-actions">
        <button type="button" class="button" onClick={handIn} disabled={isBusy.value}>
          {isBusy.value ? "Handing in…" : "Hand in"}
        </button>
        <button type="button" class="button quiet" onClick={close}>
          Not yet
        </button>
      </div>
    </>
  );
}

function OnTheirWay({ positions }: { positions: number[] }) {
  if (positions.length === 0) return null;
  const answers =
    positions.length === 1 ? `question ${positions[0]} is` : `questions ${positions.join(", ")} are`;
  return <p>Your answer to {answers} still on the way. It is sent first.</p>;
}

interface PlacesProps {
  title: string;
  positions: number[];
  sitting: Sitting;
  close: () => void;
}

/** Questions to look at again, each as the way there. */
function Places({ title, positions, sitting, close }: PlacesProps) {
  const open = (position: number) => {
    close();
    void sitting.open(position).catch(sitting.failed);
  };
  return (
    <>
      <p>{title}</p>
      <ul class="unanswered">
        {positions.map((position) => (
          <li key={position}>
            <button type="button" class="button quiet small" onClick={() => open(position)}>
              Question {position}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
