import { textOf } from "../components/mathml";

/** The text of a piece of HTML, for places that hold no elements. */
export const plainText = (html: string): string => textOf(parsed(html)).trim();

/** What stands in a piece of HTML beside its formulas. */
export function outsideFormulas(html: string): string {
  const body = parsed(html);
  for (const math of body.querySelectorAll("math")) math.remove();
  return (body.textContent ?? "").trim();
}

const parsed = (html: string): HTMLElement => new DOMParser().parseFromString(html, "text/html").body;
