import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Check } from "./icons";

interface Props {
  id: string;
  title: string;
  /** What it is for, above it. */
  children: ComponentChildren;
  text: string;
  /** Where a line may break; without it anywhere. */
  groups?: string[];
  hint: string;
  /** What the button says that ends it. */
  action: string;
  done: () => void;
}

/** A secret, the only time that it can be seen: to copy, to print, to write down. */
export function ShownOnce({ id, title, children, text, groups = [text], hint, action, done }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="card shown-once" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
      <p class="code-itself">
        {groups.map((group, place) => (
          <span key={place}>{group}</span>
        ))}
      </p>
      <p class="hint">{hint}</p>
      <div class="actions">
        <Copy text={text} />
        <button type="button" class="button quiet" onClick={() => print()}>
          Print
        </button>
        <button type="button" class="button" onClick={done}>
          {action}
        </button>
      </div>
    </section>
  );
}

function Copy({ text }: { text: string }) {
  const state = useSignal<"" | "copied" | "refused">("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      state.value = "copied";
    } catch {
      // Without a secure connection there is no clipboard, and somebody may have forbidden it.
      state.value = "refused";
    }
  };
  return (
    <>
      <button type="button" class="button quiet" onClick={copy}>
        {state.value === "copied" && <Check />} {state.value === "copied" ? "Copied" : "Copy"}
      </button>
      <span role="status" class={state.value === "refused" ? "hint" : "visually-hidden"}>
        {state.value === "copied" && "Copied"}
        {state.value === "refused" && "This browser does not let us copy. Select the code, or write it down."}
      </span>
    </>
  );
}
