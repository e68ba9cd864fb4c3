import { signal } from "@preact/signals";
import type { KatexOptions } from "katex";
import { useLayoutEffect, useRef } from "preact/hooks";
import { fit, watchRoom } from "./fitting";

type Render = (tex: string, element: HTMLElement, options: KatexOptions) => void;

/** KaTeX is heavier than the rest of the app: it is fetched with the first formula, then kept. */
const renderer = signal<Render | null>(null);
let isFetching = false;

async function fetchRenderer(): Promise<void> {
  if (isFetching) return;
  isFetching = true;
  try {
    renderer.value = (await import("./katex")).render;
    watchRoom();
  } catch {
    // Off line, the source of a formula is still readable; the next formula tries again.
    isFetching = false;
  }
}

/** Untrusted TeX: no links, no raw HTML, no page-sized boxes, no macros that expand without end. */
const LIMITS: KatexOptions = {
  trust: false,
  throwOnError: false,
  maxSize: 20,
  maxExpand: 500,
  strict: "ignore",
};

export interface FormulaProps {
  tex: string;
  display?: boolean;
}

/** A formula; its TeX source until the renderer has arrived. */
export function Formula({ tex, display = false }: FormulaProps) {
  const element = useRef<HTMLSpanElement>(null);
  const render = renderer.value;
  useLayoutEffect(() => {
    if (!render) void fetchRenderer();
    else if (element.current) {
      render(tex, element.current, { ...LIMITS, displayMode: display });
      if (!display) fit(element.current);
    }
  }, [tex, display, render]);
  // The key gives KaTeX an element of its own, which Preact does not look into.
  return (
    <span
      ref={element}
      key={render ? "rendered" : "source"}
      class={display ? "formula display" : "formula inline"}
    >
      {render ? null : tex}
    </span>
  );
}
