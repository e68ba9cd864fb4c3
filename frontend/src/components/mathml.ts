/** The parts of MathML Core that the server sets formulas with. Whatever else arrives is left out. */
const ELEMENTS = new Set(
  (
    "annotation math mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup " +
    "mtable mtd mtext mtr munder munderover semantics"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "accent accentunder aria-label class depth display displaystyle encoding fence form height linethickness lspace mathvariant " +
    "maxsize minsize movablelimits rspace scriptlevel stretchy symmetric width"
  ).split(" "),
);

export const isMathElement = (tag: string): boolean => ELEMENTS.has(tag);

export const isMathAttribute = (name: string): boolean => ATTRIBUTES.has(name);

/** What stands side by side in these reads as it is written; a power or a fraction would not. */
const LINEAR = "math, semantics, mrow, mstyle, mi, mn, mo, mtext, mspace";

/** The text of an element, for places that hold no elements. */
export function textOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const math of copy.querySelectorAll("math")) math.replaceWith(formulaText(math));
  for (const image of copy.querySelectorAll("img")) image.replaceWith(image.getAttribute("alt") ?? "");
  return copy.textContent ?? "";
}

/** A formula on one line as its signs, another as its TeX. */
export function formulaText(math: Element): string {
  const signs = math.cloneNode(true) as Element;
  const source = signs.querySelector("annotation");
  source?.remove();
  const isLinear = [...signs.querySelectorAll("*")].every((part) => part.matches(LINEAR));
  return (isLinear ? signs : source)?.textContent ?? "";
}
