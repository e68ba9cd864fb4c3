import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Sitting } from "../state/sitting";
import { explain } from "./Loaded";

/** Ends the attempt, after saying what would be left open. */
export function HandIn({ sitting }: { sitting: Sitting }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  const left = sitting.unanswered.value.map((entry) => entry.position);
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
          <Unanswered left={left} sitting={sitting} close={close} />
        )}
        <p class="hint">
          You cannot change answers afterwards. What you have entered and not sent is sent as it stands.
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
      {failure.value !== null && (
        <p class="form-problem" role="alert">
          {explain(failure.value)}
        </p>
      )}
      <div class="confirm-actions">
        <button type="button" class="button" onClick={handIn} disabled={isBusy.value}>
          Hand in
        </button>
        <button type="button" class="button quiet" onClick={close}>
          Not yet
        </button>
      </div>
    </>
  );
}

function Unanswered({ left, sitting, close }: { left: number[]; sitting: Sitting; close: () => void }) {
  const open = (position: number) => {
    close();
    void sitting.open(position).catch(sitting.failed);
  };
  return (
    <>
      <p>{left.length === 1 ? "One question is open:" : `${left.length} questions are open:`}</p>
      <ul class="unanswered">
        {left.map((position) => (
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
