import { useRef } from "preact/hooks";
import { useSingleKey } from "../state/shortcuts";
import { Html } from "./Html";
import { Bulb } from "./icons";

export interface HintsProps {
  /** HTML of the hints taken so far. */
  taken: string[];
  /** How many there are in all. */
  available: number;
  /** Whether another one may be taken. */
  isOpen: boolean;
  onTake: () => Promise<void>;
  /** Whether the key H takes one, from anywhere on the page. */
  takesKeys?: boolean;
}

/** The hints of an item, one after the other, as the learner asks for them. */
export function Hints({ taken, available, isOpen, onTake, takesKeys = false }: HintsProps) {
  const list = useRef<HTMLOListElement>(null);
  const left = available - taken.length;
  const take = async () => {
    await onTake();
    const latest = list.current?.lastElementChild;
    if (latest instanceof HTMLElement) latest.focus({ preventScroll: true });
  };
  useSingleKey("h", takesKeys && isOpen && left > 0 ? () => void take() : null);
  if (available === 0 || (taken.length === 0 && !isOpen)) return null;
  return (
    <div class="hints">
      <ol ref={list} aria-label="Hints">
        {taken.map((hint, index) => (
          <li key={index} tabIndex={-1}>
            <Html html={hint} />
          </li>
        ))}
      </ol>
      {isOpen && left > 0 && (
        <button type="button" class="button quiet small" onClick={() => void take()}>
          <Bulb /> {taken.length === 0 ? "Show a hint" : "Another hint"}{" "}
          <span class="hint">({left} left)</span>
        </button>
      )}
    </div>
  );
}
