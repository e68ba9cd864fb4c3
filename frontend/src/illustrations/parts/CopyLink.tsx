import { useState } from "preact/hooks";
import { permalink, type State } from "./permalink";

interface CopyLinkProps {
  id: string;
  state: State;
  /** What the figure is called: "picture". */
  what?: string;
}

/** A link to the figure as it stands now; where the clipboard is closed, the address is shown to be copied by hand. */
export function CopyLink({ id, state, what = "picture" }: CopyLinkProps) {
  const [copied, setCopied] = useState<{ address: string; byHand: boolean } | null>(null);
  const copy = async () => {
    const address = permalink(id, state);
    try {
      await navigator.clipboard.writeText(address);
      setCopied({ address, byHand: false });
    } catch {
      setCopied({ address, byHand: true });
    }
  };
  return (
    <div class="copy-link">
      <button type="button" class="button quiet small" onClick={copy}>
        Copy link to this {what}
      </button>
      <span role="status">{copied && !copied.byHand && "Copied"}</span>
      {copied?.byHand && (
        <input
          class="field"
          readOnly
          aria-label={`Link to this ${what}`}
          value={copied.address}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </div>
  );
}
