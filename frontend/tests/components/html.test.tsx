import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Html, sections } from "../../src/components/Html";
import { hiddenSides } from "../../src/components/Scrollable";
import { plainText } from "../../src/interactions/plain";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
});

const show = (html: string, props: Partial<Parameters<typeof Html>[0]> = {}) =>
  act(() => render(<Html html={html} {...props} />, root));

describe("authors' HTML", () => {
  it("keeps its structure and its words", async () => {
    await show("<p>One <strong>two</strong></p><ul><li>three</li></ul>");
    expect(root.querySelector("p strong")?.textContent).toBe("two");
    expect(root.querySelector("ul li")?.textContent).toBe("three");
  });

  it.each([
    ["<script>document.title = 'x'</script>", "script"],
    ["<iframe></iframe>", "iframe"],
    ["<form action='/x'><input name='password'></form>", "form, input"],
    ["<style>p { display: none }</style>", "style"],
  ])("leaves out %s", async (html, selector) => {
    await show(html);
    expect(root.querySelector(selector)).toBeNull();
  });

  it("reserves the place of an image", async () => {
    await show('<p><img src="/media/a.png" alt="A slope" width="640" height="480"></p>');
    const image = root.querySelector("img");
    expect(image?.getAttribute("src")).toBe("/media/a.png");
    expect([image?.getAttribute("width"), image?.getAttribute("height")]).toEqual(["640", "480"]);
    expect([image?.alt, image?.getAttribute("loading")]).toEqual(["A slope", "lazy"]);
  });

  it.each(["onclick", "style", "data-x", "onerror"])("leaves out the attribute %s", async (name) => {
    await show(`<p ${name}="alert(1)">text</p>`);
    expect(root.querySelector("p")?.hasAttribute(name)).toBe(false);
  });

  it("links to the web and to nothing else", async () => {
    await show(
      '<a href="javascript:alert(1)">a</a><a href="https://example.org/">b</a><a href="#part">c</a>',
    );
    expect([...root.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual([
      null,
      "https://example.org/",
      "#part",
    ]);
  });

  it("puts an input at the place of an interaction", async () => {
    await show('<p>w = <span data-interaction="a"></span></p>', { interaction: (id) => <input id={id} /> });
    expect(root.querySelector("p input#a")).not.toBeNull();
  });

  it("does not squeeze a block of options into a paragraph", async () => {
    await show('<p><span data-interaction="a"></span></p>', {
      interaction: () => <fieldset />,
      isBlock: () => true,
    });
    expect(root.querySelector("p")).toBeNull();
    expect(root.querySelector("fieldset")).not.toBeNull();
  });
});

const FORMULA = `<math><semantics><msup><mi>w</mi><mn>2</mn></msup><annotation encoding="application/x-tex">w^2</annotation></semantics></math>`;
const MATHML = "http://www.w3.org/1998/Math/MathML";

describe("a formula", () => {
  it("stands in the namespace of MathML, with its source", async () => {
    await show(`<p><span class="math inline">${FORMULA}</span></p>`);
    for (const name of ["math", "msup", "mi", "annotation"])
      expect(root.querySelector(name)?.namespaceURI).toBe(MATHML);
    expect(root.querySelector("p .math.inline annotation")?.textContent).toBe("w^2");
  });

  it("keeps the attributes that set it, as they are written", async () => {
    await show('<math display="block"><mo stretchy="false" lspace="0" minsize="1.2em">(</mo></math>');
    const sign = root.querySelector("mo");
    expect(sign?.getAttribute("stretchy")).toBe("false");
    expect(sign?.getAttribute("lspace")).toBe("0");
    expect(sign?.getAttribute("minsize")).toBe("1.2em");
  });

  it.each(["href", "style", "onclick", "xlink:href", "actiontype", "id"])("leaves out %s", async (name) => {
    await show(`<math><mi ${name}="javascript:alert(1)">x</mi></math>`);
    expect(root.querySelector("mi")?.getAttributeNames()).toEqual([]);
  });

  it.each(["script", "img", "maction", "annotation-xml", "mglyph", "a", "style"])(
    "holds no <%s>",
    async (name) => {
      await show(`<math><mrow><${name}>x</${name}></mrow></math>`);
      expect(root.querySelector(`math ${name}`)).toBeNull();
    },
  );

  it("has a name where it heads a column", async () => {
    await show(`<table><thead><tr><th>${FORMULA}</th></tr></thead></table>`);
    expect(root.querySelector("th math")?.getAttribute("aria-label")).toBe("w^2");
  });

  it("may break where the server says so", async () => {
    await show(`<span class="math inline">${FORMULA}<wbr>${FORMULA}</span>`);
    expect(root.querySelectorAll("math + wbr + math")).toHaveLength(1);
  });
});

describe("what is wider than the text", () => {
  const widths = (scrollWidth: number, clientWidth: number) => {
    vi.spyOn(HTMLElement.prototype, "scrollWidth", "get").mockReturnValue(scrollWidth);
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(clientWidth);
  };
  const TABLE = "<table><tbody><tr><td>1</td></tr></tbody></table>";

  it.each([
    [TABLE, "Table, scrolls sideways"],
    ['<div class="math display"><math display="block"><mi>x</mi></math></div>', "Formula, scrolls sideways"],
    ['<p><math class="wide"><mi>x</mi></math></p>', "Formula, scrolls sideways"],
  ])("is reached by the Tab key and has a name: %s", async (html, name) => {
    widths(500, 300);
    await show(html);
    const box = root.querySelector(".scroller");
    expect(box?.getAttribute("tabindex")).toBe("0");
    expect(box?.getAttribute("role")).toBe("group");
    expect(box?.getAttribute("aria-label")).toBe(name);
  });

  it("is no stop for the Tab key while all of it is seen", async () => {
    widths(300, 300);
    await show(TABLE);
    expect(root.querySelector(".scroller")?.getAttributeNames()).toEqual(["class"]);
  });

  it.each([
    [0, "end"],
    [100, "both"],
    [200, "start"],
  ])("fades where there is more: %i px from the start", (scrollLeft, side) => {
    expect(hiddenSides({ scrollLeft, scrollWidth: 500, clientWidth: 300 })).toBe(side);
  });
});

describe("the text of a formula", () => {
  it.each([
    ["<mi>λ</mi>", "\\lambda", "λ"],
    ["<mrow><mi>w</mi><mo>=</mo><mn>0</mn></mrow>", "w = 0", "w=0"],
    ["<msup><mi>w</mi><mn>2</mn></msup>", "w^2", "w^2"],
  ])("reads on one line or is its source: %s", (mathml, tex, text) => {
    const html = `Take <math><semantics>${mathml}<annotation>${tex}</annotation></semantics></math>.`;
    expect(plainText(html)).toBe(`Take ${text}.`);
  });

  it("is the description of an image", () => {
    expect(plainText('See <img src="/media/a.png" alt="a slope">.')).toBe("See a slope.");
  });
});

describe("the sections of a text", () => {
  it("are its second-level headings, each with an id", () => {
    const { html, headings } = sections('<h2>One</h2><p>x</p><h2 id="two">Two</h2>');
    expect(headings).toEqual([
      { id: "section-1", title: "One" },
      { id: "two", title: "Two" },
    ]);
    expect(html).toContain('<h2 id="section-1">');
  });

  it("are named without the source of their formulas", () => {
    const formula = "<math><semantics><mi>λ</mi><annotation>\\lambda</annotation></semantics></math>";
    expect(sections(`<h2>Choosing ${formula}</h2>`).headings[0]?.title).toBe("Choosing λ");
  });
});
