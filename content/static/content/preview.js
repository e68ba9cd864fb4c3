// Sets the formulas of a preview with the learner's own KaTeX; without it they stay readable as TeX.

const LIMITS = { trust: false, throwOnError: false, maxSize: 20, maxExpand: 500, strict: "ignore" };

const source = document.querySelector("[data-katex]")?.dataset.katex;
if (source) {
  const { render } = await import(source);
  for (const element of document.querySelectorAll(".math")) {
    render(element.textContent, element, { ...LIMITS, displayMode: element.classList.contains("display") });
  }
}
