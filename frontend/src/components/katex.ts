/** The chunk that holds KaTeX and its style sheet. */
import "katex/dist/katex.min.css";

export { render } from "katex";
