import { useState } from "preact/hooks";
import { useLate } from "../interactions/late";
import { useSingleKey } from "../state/shortcuts";
import type { ShortcutsHelpProps } from "./ShortcutsHelp";

const fetchHelp = () => import("./ShortcutsHelp").then(({ ShortcutsHelp }) => ShortcutsHelp);

/** The way to the help on keys: the button at the foot of every page, and the key ? unless it is turned off. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  const Help = useLate<ShortcutsHelpProps>(fetchHelp, isOpen);
  const open = () => setOpen(true);
  useSingleKey("?", open);
  return (
    <>
      <button type="button" class="footer-setting" aria-haspopup="dialog" onClick={open}>
        Keys and signs
      </button>
      {Help && isOpen && <Help onClose={() => setOpen(false)} />}
    </>
  );
}
