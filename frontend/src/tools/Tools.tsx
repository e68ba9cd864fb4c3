import { useSignal } from "@preact/signals";
import { type ComponentChildren, toChildArray } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Conditions } from "../api/types";
import { Calculate, Note } from "../components/icons";
import { useLate } from "../interactions/late";

export type Tool = Conditions["tools"][number];

const NAMES: Record<Tool, string> = { calculator: "Calculator", scratchpad: "Scratch pad" };
const ICONS: Record<Tool, () => preact.VNode> = { calculator: Calculate, scratchpad: Note };

const fetchCalculator = () => import("./Calculator").then((found) => found.Calculator);
const fetchScratchpad = () => import("./Scratchpad").then((found) => found.Scratchpad);

export interface ToolsProps {
  tools: readonly Tool[];
  /** What the notes are about: an attempt, or practice. */
  subject: string;
}

/** The buttons of what may lie beside the questions, and the one that is open, which covers a corner of the page. */
export function Tools({ tools, subject }: ToolsProps) {
  const open = useSignal<Tool | null>(null);
  // Fetched while there is a connection, whether or not they are wanted later.
  const Calculator = useLate(fetchCalculator, tools.includes("calculator"));
  const Scratchpad = useLate(fetchScratchpad, tools.includes("scratchpad"));
  const row = useRef<HTMLDivElement>(null);
  if (tools.length === 0) return null;
  const close = () => {
    row.current?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
    open.value = null;
  };
  return (
    <>
      <div class="tools" ref={row}>
        {tools.map((tool) => {
          const Icon = ICONS[tool];
          const isOpen = open.value === tool;
          return (
            <button
              key={tool}
              type="button"
              class="button quiet small"
              aria-expanded={isOpen}
              onClick={() => (open.value = isOpen ? null : tool)}
            >
              <Icon /> {NAMES[tool]}
            </button>
          );
        })}
      </div>
      {open.value && (
        <Panel key={open.value} name={NAMES[open.value]} onClose={close}>
          {open.value === "calculator" && Calculator && <Calculator />}
          {open.value === "scratchpad" && Scratchpad && <Scratchpad subject={subject} />}
        </Panel>
      )}
    </>
  );
}

interface PanelProps {
  name: string;
  onClose: () => void;
  /** The tool, or nothing while it could not be fetched. */
  children: ComponentChildren;
}

function Panel({ name, onClose, children }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  const isThere = toChildArray(children).length > 0;
  useEffect(() => {
    if (isThere) panel.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, [isThere]);
  return (
    <section
      ref={panel}
      class="tool-panel"
      aria-label={name}
      onKeyDown={(event) => {
        // In here no key is a command of the page.
        event.stopPropagation();
        if (event.key === "Escape") onClose();
      }}
    >
      <header>
        <h2>{name}</h2>
        <button type="button" class="button quiet small" onClick={onClose}>
          Close
        </button>
      </header>
      {isThere ? (
        children
      ) : (
        <p class="hint">It has not arrived yet. It comes when you are connected again.</p>
      )}
    </section>
  );
}
