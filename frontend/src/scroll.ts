/**
 * Where one had scrolled to, kept with each entry of the history, so that the way back leads to the same place.
 *
 * The browser cannot do it: when it tries, the text of the screen is not there yet.
 */

/** After a scroll has rested so long, its place is written down; Safari refuses a hundred writes in half a minute. */
const REST = 200;
/** So long the text may take to arrive. */
const PATIENCE = 10_000;
/** After the place was reached, what is above it may still grow: pictures, formulas. */
const SETTLING = 1_000;

let restoring: AbortController | null = null;
let resting: ReturnType<typeof setTimeout> | undefined;

/** The place that an entry of the history keeps, or null. */
export function scrollKept(state: unknown): number | null {
  const top = state instanceof Object && "scroll" in state ? state.scroll : null;
  return typeof top === "number" ? top : null;
}

/** Write the present place down; not while an earlier one is being restored, because then it is none yet. */
export function rememberScroll(): void {
  clearTimeout(resting);
  if (restoring === null) history.replaceState({ ...history.state, scroll: scrollY }, "");
}

/** Keep the place of each entry from now on, and go where the page was before a reload. Called once, at the start. */
export function watchScroll(): void {
  history.scrollRestoration = "manual";
  addEventListener(
    "scroll",
    () => {
      clearTimeout(resting);
      resting = setTimeout(rememberScroll, REST);
    },
    { passive: true },
  );
  addEventListener("pagehide", rememberScroll);
  const top = scrollKept(history.state);
  if (location.hash || top) restoreScroll(location.hash, top);
}

/** Scroll to `top`, or else to the element that `hash` names, as soon as it is there; whoever scrolls meanwhile wins. */
export function restoreScroll(hash: string, top: number | null): void {
  restoring?.abort();
  clearTimeout(resting);
  const run = new AbortController();
  restoring = run;
  const { signal } = run;
  const end = () => run.abort();
  let waiting = setTimeout(end, PATIENCE);
  const growth = new ResizeObserver(() => {
    if (!reach(hash, top)) return;
    clearTimeout(waiting);
    waiting = setTimeout(end, SETTLING);
  });
  signal.addEventListener("abort", () => {
    clearTimeout(waiting);
    growth.disconnect();
    if (restoring === run) restoring = null;
  });
  for (const input of ["wheel", "touchmove", "pointerdown", "keydown"])
    addEventListener(input, end, { signal, passive: true });
  growth.observe(document.body);
}

/** Go there if it is there; return whether it was. */
function reach(hash: string, top: number | null): boolean {
  if (top !== null) {
    const isLong = document.documentElement.scrollHeight - innerHeight >= top - 1;
    if (isLong) scrollTo({ top, behavior: "instant" });
    return isLong;
  }
  const element = document.getElementById(hash.slice(1));
  element?.scrollIntoView({ behavior: "instant" });
  return element !== null;
}
