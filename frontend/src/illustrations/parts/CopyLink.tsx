import { useState } from "preact/hooks";

export interface CopyLinkProps {
  words: string;
  /** The address as it is now; asked for when it is wanted. */
  link: () => string;
}

type Outcome = { copied: boolean; address: string } | null;

/** A button that copies an address; where the clipboard is closed, the address itself stands there to be copied. */
export function CopyLink({ words, link }: CopyLinkProps) {
  const [outcome, setOutcome] = useState<Outcome>(null);
  const copy = async () => {
    const address = link();
    const copied = await writeToClipboard(address);
    setOutcome({ copied, address });
  };
  return (
    <>
      <button type="button" class="button quiet small" onClick={copy}>
        {words}
      </button>
      <span role="status">{outcome?.copied && "Copied."}</span>
      {outcome && !outcome.copied && (
        <label class="copy-link">
          Copy this address:{" "}
          <input
            class="field"
            readOnly
            value={outcome.address}
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
      )}
    </>
  );
}

/** Without https, or refused by the reader, the clipboard cannot be written. */
async function writeToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
