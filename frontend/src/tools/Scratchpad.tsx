import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { keepsOnDevice } from "../state/storage";
import { notes } from "./notes";

/** Room for notes. They stay on this device, and nobody is told of them. */
export function Scratchpad({ subject }: { subject: string }) {
  const text = useMemo(() => signal(notes.get(subject) ?? ""), [subject]);
  return (
    <div class="scratchpad">
      <label for="scratchpad-field">Your notes</label>
      <textarea
        id="scratchpad-field"
        class="field"
        rows={9}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          notes.put(subject, text.value);
        }}
      />
      <p class="hint">
        {keepsOnDevice.value
          ? "Kept on this device until the end. Nobody else sees them, and nobody grades them."
          : "Kept as long as this page is open: the storage of this device is full, or closed to this site."}
      </p>
    </div>
  );
}
