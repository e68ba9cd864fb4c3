import { type ComponentChild, h } from "preact";
import { useMemo } from "preact/hooks";
import { formulaText, isMathAttribute, isMathElement, textOf } from "./mathml";
import { Scrollable } from "./Scrollable";

/** What authors' HTML may hold. The server cleans it first; a second fence costs one set. */
const ELEMENTS = new Set(
  (
    "a abbr b blockquote br caption code dd del dfn div dl dt em figcaption figure h2 h3 h4 h5 hr i img ins kbd li mark " +
    "ol p pre q s samp small span strong sub sup table tbody td tfoot th thead tr u ul var wbr"
  ).split(" "),
);
const ATTRIBUTES = new Set([
  "alt",
  "class",
  "colspan",
  "height",
  "id",
  "lang",
  "rowspan",
  "scope",
  "start",
  "title",
  "width",
]);

/** Where a link or a picture may point: this site, or the web over http. */
const isSafeUrl = (url: string): boolean =>
  URL.canParse(url, document.baseURI) && /^https?:$/.test(new URL(url, document.baseURI).protocol);

/** `inside` are the children of the element, or of one of its descendants, as they would stand without this. */
export type Instead = (
  element: Element,
  inside: (parent: Element | null) => ComponentChild[],
) => ComponentChild | undefined;

export interface HtmlProps {
  html: string;
  class?: string;
  /** What stands at the place of an interaction. */
  interaction?: (id: string) => ComponentChild;
  /** Whether that is wider than a line of text, so that no paragraph may hold it. */
  isBlock?: (id: string) => boolean;
  /** What stands in the place of an element, where that is not the element itself. */
  instead?: Instead | undefined;
  /** What stands between the text and its first interaction, or at the end where there is none. */
  before?: ComponentChild;
}

/** Authors' HTML as elements of the app, with its interactions in their places. */
export function Html({ html, class: name = "", interaction, isBlock, instead, before }: HtmlProps) {
  const [text, rest] = useMemo(
    () => convert(html, { interaction, isBlock, instead }),
    [html, interaction, isBlock, instead],
  );
  return (
    <div class={`html ${name}`}>
      {text}
      {before}
      {rest}
    </div>
  );
}

type Context = {
  interaction: HtmlProps["interaction"];
  isBlock: HtmlProps["isBlock"];
  instead: HtmlProps["instead"];
};

export function parse(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

/** The text up to its first interaction, and the rest. */
function convert(html: string, context: Context): [ComponentChild[], ComponentChild[]] {
  const blocks = [...parse(html).childNodes];
  const first = blocks.findIndex((node) => node instanceof Element && holdsPlace(node));
  const all = blocks.map((node) => toChild(node, context));
  return first < 0 ? [all, []] : [all.slice(0, first), all.slice(first)];
}

const holdsPlace = (element: Element): boolean =>
  element.matches("[data-interaction]") || element.querySelector("[data-interaction]") !== null;

const children = (parent: Node, context: Context): ComponentChild[] =>
  [...parent.childNodes].map((node) => toChild(node, context));

function toChild(node: Node, context: Context): ComponentChild {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const other = context.instead?.(node, (parent) => (parent ? children(parent, context) : []));
  if (other !== undefined) return other;
  const place = node.getAttribute("data-interaction");
  if (place !== null) return context.interaction?.(place) ?? null;
  if (node.localName === "math") return toFormula(node);
  const tag = isEmptyHeading(node) ? "td" : node.localName;
  if (!ELEMENTS.has(tag)) return null;
  const element = h(
    holdsBlock(node, context) ? "div" : tag,
    attributes(node, tag),
    ...children(node, context),
  );
  if (tag !== "table") return element;
  return (
    <Scrollable label="Table" class="table-scroll">
      {element}
    </Scrollable>
  );
}

/** A formula; what may be wider than its line scrolls by itself. */
function toFormula(math: Element): ComponentChild {
  // A heading of a table must have a name, and tools find no words in MathML.
  if (math.closest("th")) math.setAttribute("aria-label", formulaText(math));
  const isDisplay = math.getAttribute("display") === "block";
  if (!isDisplay && !math.classList.contains("wide")) return toMath(math);
  return (
    <Scrollable label="Formula" class={isDisplay ? "display" : "wide"} tag="span">
      {toMath(math)}
    </Scrollable>
  );
}

function toMath(element: Element): ComponentChild {
  if (!isMathElement(element.localName)) return null;
  const kept = [...element.attributes].filter(({ name }) => isMathAttribute(name));
  const inner = [...element.childNodes].map((node) =>
    node instanceof Element ? toMath(node) : node.nodeType === Node.TEXT_NODE ? node.textContent : null,
  );
  return h(element.localName, Object.fromEntries(kept.map(({ name, value }) => [name, value])), ...inner);
}

/** The corner of a table heads nothing, and a screen reader would announce it as a heading without words. */
const isEmptyHeading = (node: Element): boolean =>
  node.localName === "th" && node.childElementCount === 0 && node.textContent?.trim() === "";

/** A paragraph cannot hold a list of options or a table of fields. */
function holdsBlock(node: Element, { isBlock }: Context): boolean {
  if (node.localName !== "p" || !isBlock) return false;
  const places = [...node.querySelectorAll("[data-interaction]")];
  return places.some((place) => isBlock(place.getAttribute("data-interaction") ?? ""));
}

function attributes(element: Element, tag: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const { name, value } of element.attributes) {
    if (name === "scope" && tag === "td") continue;
    if (ATTRIBUTES.has(name)) kept[name] = value;
    if ((name === "href" || name === "src") && isSafeUrl(value)) kept[name] = value;
  }
  if (element.localName === "img") kept.loading = "lazy";
  return kept;
}

export interface Heading {
  id: string;
  title: string;
}

/** The sections of a text for its table of contents, and the text with an id on each section and figure. */
export function sections(html: string): { html: string; headings: Heading[] } {
  const body = parse(html);
  const headings = [...body.querySelectorAll("h2")].map((heading, index) => {
    heading.id ||= `section-${index + 1}`;
    return { id: heading.id, title: textOf(heading) };
  });
  for (const [index, figure] of body.querySelectorAll("[data-illustration]").entries())
    figure.id = `${figure.getAttribute("data-illustration")}-${index + 1}`;
  return { html: body.innerHTML, headings };
}
