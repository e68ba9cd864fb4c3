import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it } from "vitest";
import { Html, sections } from "../../src/components/Html";

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

  it("shows the source of a formula until it can be set", async () => {
    await show('<p><span class="math inline">\\lambda</span></p>');
    expect(root.querySelector(".formula")?.textContent).toContain("\\lambda");
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
});
