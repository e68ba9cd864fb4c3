/**
 * Formulas in a line of text break at their relations; a part that is still wider than the text scrolls by itself.
 * Style sheets cannot tell: a scroll container in a line loses its baseline, so only those that must become one.
 */
export function fit(formula: HTMLElement): void {
  formula.classList.remove("wide");
  const room = formula.closest(".html")?.clientWidth ?? Number.POSITIVE_INFINITY;
  const widest = Math.max(0, ...[...formula.querySelectorAll(".katex-base")].map((part) => part.scrollWidth));
  formula.classList.toggle("wide", widest > room);
}

function fitAll(): void {
  for (const formula of document.querySelectorAll<HTMLElement>(".formula.inline")) fit(formula);
}

/** Fit again when the room changes: another window, a font that arrived, a solution that was unfolded. */
export function watchRoom(): void {
  addEventListener("resize", fitAll);
  document.addEventListener("toggle", fitAll, { capture: true });
  document.fonts.addEventListener("loadingdone", fitAll);
}
