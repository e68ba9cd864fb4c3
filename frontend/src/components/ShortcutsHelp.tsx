import { useLayoutEffect, useRef } from "preact/hooks";
import { setSingleKeys, singleKeys } from "../state/settings";
import { Check, Cross, Flag, Partly } from "./icons";

export interface ShortcutsHelpProps {
  onClose: () => void;
}

const SINGLE: [keys: string, does: string][] = [
  ["1 … 9", "choose an option, or take it back"],
  ["H", "show a hint"],
  ["N", "go to the next question, or in practice to another variant"],
  ["F", "flag the question for later, or no longer"],
  ["?", "open this help"],
];
const OTHERS: [keys: string, does: string][] = [
  ["Enter", "answer, from anywhere but where it does something else"],
  ["Tab", "go from one field or button to the next"],
  ["Arrow keys", "go through the cells of a table and the signs beside a formula"],
  ["Space", "grab an entry and put it down; arrow keys move it, Escape cancels"],
];

/** What the keys do and the signs mean, and the switch for the keys that are commands by themselves. */
export function ShortcutsHelp({ onClose }: ShortcutsHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm keys-help" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">Keys and signs</h2>
      <label class="switch">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        />
        Single keys are shortcuts
      </label>
      <p class="hint">
        They never act while you type in a field, or together with Ctrl, Alt or Command. Turn them off if you
        dictate, or press keys by accident. This device remembers it.
      </p>
      <KeyList title="Single keys" keys={SINGLE} isOff={!singleKeys.value} />
      <KeyList title="Always" keys={OTHERS} isOff={false} />
      <Signs />
      <div class="confirm-actions">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

function KeyList({ title, keys, isOff }: { title: string; keys: [string, string][]; isOff: boolean }) {
  return (
    <section data-off={isOff}>
      <h3>
        {title}
        {isOff && " (off)"}
      </h3>
      <dl class="key-list">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const SIGNS: [outcome: string, sign: preact.VNode | null, means: string][] = [
  ["open", null, "not answered"],
  ["recorded", null, "answered"],
  ["right", <Check key="right" />, "full score"],
  ["partly", <Partly key="partly" />, "part of the score"],
  ["wrong", <Cross key="wrong" />, "no score"],
];

/** The shapes in the list of questions. */
const Signs = () => (
  <section>
    <h3>Questions in the list</h3>
    <ul class="signs">
      {SIGNS.map(([outcome, sign, means]) => (
        <li key={outcome}>
          <span class="marker" data-outcome={outcome} aria-hidden="true">
            <span class="marker-shape" />
            <span class="marker-figure">{sign}</span>
          </span>
          {means}
        </li>
      ))}
      <li>
        <span class="marker" aria-hidden="true">
          <Flag />
        </span>
        flagged for later
      </li>
    </ul>
  </section>
);
