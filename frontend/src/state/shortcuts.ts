import { useLayoutEffect } from "preact/hooks";
import { singleKeys } from "./settings";

/** The fields in which a key is no text. */
const TAKES_NO_TEXT = "input:is([type=radio], [type=checkbox], [type=button], [type=submit])";

/** Where a key is text, or belongs to what lies above the page. */
function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return true;
  if (!(target instanceof HTMLElement) || target.matches(TAKES_NO_TEXT)) return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role=textbox]");
}

/** The command that a key stroke is, in lower case; null for one that is text, belongs elsewhere, or has a modifier. */
function commandOf(event: KeyboardEvent): string | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (event.defaultPrevented || event.repeat || event.isComposing || isTaken(event.target)) return null;
  if (ctrlKey || metaKey || altKey) return null;
  // The question mark stands on another key as well on many keyboards; a letter with Shift is no command.
  return shiftKey && key !== "?" ? null : key.toLowerCase();
}

/** Let single keys be commands wherever the focus is. `act` gets the key and says whether it was one; null: none is. */
export function useSingleKeys(act: ((key: string) => boolean) | null): void {
  const isOn = singleKeys.value;
  useLayoutEffect(() => {
    if (!act || !isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const command = commandOf(event);
      // Firefox searches the page for some of them.
      if (command !== null && act(command)) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

/** Let one key do something; null: there is nothing to do now. */
export function useSingleKey(key: string, act: (() => void) | null): void {
  useSingleKeys(
    act &&
      ((pressed) => {
        if (pressed === key) act();
        return pressed === key;
      }),
  );
}
