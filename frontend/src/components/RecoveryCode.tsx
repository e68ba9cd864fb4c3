import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Check } from "./icons";

interface Props {
  username: string;
  code: string;
  /** What the button says that ends it. */
  action: string;
  done: () => void;
}

/** A recovery code, the only time that it can be seen: to copy, to print, to write down. */
export function RecoveryCode({ username, code, action, done }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="card recovery-code" aria-labelledby="recovery-code">
      <h2 id="recovery-code" ref={heading} tabIndex={-1}>
        Your recovery code
      </h2>
      <p>
        For <strong>{username}</strong> at {location.host}. With it you get back in when you have forgotten
        your password. It works once.
      </p>
      <p class="code-itself">
        {(code.match(/[^-]+-?/g) ?? []).map((group, place) => (
          <span key={place}>{group}</span>
        ))}
      </p>
      <p class="hint">Keep it like a key. It is not shown again; you can make another one at any time.</p>
      <div class="actions">
        <Copy text={code} />
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
