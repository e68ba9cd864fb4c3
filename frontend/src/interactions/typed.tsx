import { type ComponentChild, h } from "preact";

const GREEK: Record<string, string> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  theta: "θ",
  lambda: "λ",
  mu: "μ",
  sigma: "σ",
  phi: "φ",
  omega: "ω",
  pi: "π",
};
const SIGNS: Record<string, string> = { "*": "⋅", "-": "−" };
const TOKEN = /\d+(?:\.\d+)?|\.\d+|[A-Za-z]+\d*|\*\*|\S/g;

const bracket = (sign: string): ComponentChild => h("mo", { stretchy: "false" } as object, sign);

/** What stands side by side in a typed expression, from the first token to a bracket that closes it or to the end. */
class Likeness {
  private at = 0;

  constructor(private readonly tokens: string[]) {}

  row(): ComponentChild[] {
    const pieces: ComponentChild[] = [];
    while (this.at < this.tokens.length && this.peek() !== ")") pieces.push(this.powered());
    return pieces;
  }

  /** The whole text: a bracket that nothing opened stands as it is. */
  all(): ComponentChild[] {
    const pieces = this.row();
    while (this.at < this.tokens.length) {
      this.at += 1;
      pieces.push(bracket(")"), ...this.row());
    }
    return pieces;
  }

  private peek = (): string => this.tokens[this.at] ?? "";

  private powered(): ComponentChild {
    let base = this.atom();
    while (this.peek() === "^" || this.peek() === "**") {
      this.at += 1;
      base = (
        <msup>
          {base}
          <mrow>{this.exponent()}</mrow>
        </msup>
      );
    }
    return base;
  }

  private exponent(): ComponentChild {
    if (this.peek() === "(") return this.inBrackets();
    if (this.peek() !== "-") return this.operand();
    this.at += 1;
    return [<mo key="sign">−</mo>, this.operand()];
  }

  private operand(): ComponentChild {
    return this.peek() === ")" || this.peek() === "" ? null : this.atom();
  }

  private atom(): ComponentChild {
    const token = this.peek();
    if (token === "(")
      return (
        <mrow>
          {bracket("(")}
          {this.inBrackets()}
          {bracket(")")}
        </mrow>
      );
    this.at += 1;
    if (token === "sqrt" && this.peek() === "(") return <msqrt>{this.inBrackets()}</msqrt>;
    if (/^[\d.]+$/.test(token)) return <mn>{token}</mn>;
    return /^[A-Za-z]/.test(token) ? this.name(token) : <mo>{SIGNS[token] ?? token}</mo>;
  }

  /** What stands in brackets, without them; one that is not closed yet closes at the end. */
  private inBrackets(): ComponentChild[] {
    this.at += 1;
    const inner = this.row();
    this.at += 1;
    return inner;
  }

  private name(token: string): ComponentChild {
    const [, letters = "", digits = ""] = /^([A-Za-z]+)(\d*)$/.exec(token) ?? [];
    const name = <mi>{GREEK[letters] ?? letters}</mi>;
    const index = digits || this.index();
    return index ? (
      <msub>
        {name}
        <mi>{index}</mi>
      </msub>
    ) : (
      name
    );
  }

  private index(): string {
    if (this.peek() !== "_") return "";
    this.at += 2;
    return this.tokens[this.at - 1] ?? "";
  }
}

/** A likeness of a typed expression for the eye alone; the grader reads what was typed. */
export function Typed({ text }: { text: string }) {
  return (
    <math>
      <mrow>{new Likeness(text.match(TOKEN) ?? []).all()}</mrow>
    </math>
  );
}
