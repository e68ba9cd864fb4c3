import { textOf } from "../components/mathml";

/** The text of a piece of HTML, for places that hold no elements. */
export function plainText(html: string): string {
  return textOf(new DOMParser().parseFromString(html, "text/html").body).trim();
}
