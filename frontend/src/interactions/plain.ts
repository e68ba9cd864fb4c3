/** The text of a piece of HTML, for places that hold no elements; a formula is shown as its source. */
export function plainText(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent?.trim() ?? "";
}
