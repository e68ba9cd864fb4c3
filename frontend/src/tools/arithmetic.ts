/**
 * The arithmetic of the calculator: what is typed, as people write it, to a number.
 *
 * It would rather refuse than guess: no comma is read as a decimal sign, and no multiplication is understood that is not
 * written. As in mathematics, −2^2 is −4 and 2^3^2 is 2^9.
 */

/** What cannot be calculated, in words for whoever typed it. */
export class Incalculable extends Error {}

const FUNCTIONS: Record<string, (x: number) => number> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
};

const SIGNS: Record<string, string> = { "−": "-", "×": "*", "·": "*", "÷": "/", "√": " sqrt ", π: " pi " };
const TOKEN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|([a-z][a-z0-9]*)|([-+*/^()]))/iy;

/** The deepest nesting; whoever needs more has pasted something else. */
const DEEPEST = 100;

/** Calculate what is typed; `answer` is what `ans` stands for. Throws Incalculable. */
export function calculate(typed: string, answer: number | null = null): number {
  const { value, rest } = sum(tokens(typed), { answer, depth: 0 });
  const [next] = rest;
  if (next === ")") throw new Incalculable("A closing bracket has no opening one.");
  if (next !== undefined) throw new Incalculable(`A sign is missing before ${next}.`);
  if (!Number.isFinite(value)) throw new Incalculable("That is no number: divided by zero, or too large.");
  return value;
}

/** A result in at most twelve digits, without the dust of binary arithmetic. */
export function written(value: number): string {
  const rounded = Number(value.toPrecision(12));
  return String(Object.is(rounded, -0) ? 0 : rounded).replace("-", "−");
}

function tokens(typed: string): string[] {
  const text = typed.replace(/[−×·÷√π]/g, (sign) => SIGNS[sign] ?? sign).trimEnd();
  if (text.includes(",")) throw new Incalculable("Write the decimal sign as a point.");
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const { lastIndex } = TOKEN;
    const [, number, name, sign] = TOKEN.exec(text) ?? [];
    const token = number ?? name?.toLowerCase() ?? sign;
    if (token === undefined)
      throw new Incalculable(`This sign means nothing here: ${text.slice(lastIndex).trimStart()[0]}`);
    found.push(token);
  }
  return found;
}

interface Read {
  value: number;
  rest: string[];
}

interface Known {
  answer: number | null;
  depth: number;
}

function sum(from: string[], known: Known): Read {
  let { value, rest } = product(from, known);
  while (rest[0] === "+" || rest[0] === "-") {
    const [sign, ...after] = rest;
    const next = product(after, known);
    value = sign === "+" ? value + next.value : value - next.value;
    rest = next.rest;
  }
  return { value, rest };
}

function product(from: string[], known: Known): Read {
  let { value, rest } = signed(from, known);
  while (rest[0] === "*" || rest[0] === "/") {
    const [sign, ...after] = rest;
    const next = signed(after, known);
    value = sign === "*" ? value * next.value : value / next.value;
    rest = next.rest;
  }
  return { value, rest };
}

function signed(from: string[], known: Known): Read {
  const [sign, ...after] = from;
  if (sign !== "-" && sign !== "+") return power(from, known);
  const { value, rest } = signed(after, deeper(known));
  return { value: sign === "-" ? -value : value, rest };
}

function power(from: string[], known: Known): Read {
  const base = atom(from, known);
  if (base.rest[0] !== "^") return base;
  const { value, rest } = signed(base.rest.slice(1), deeper(known));
  return { value: base.value ** value, rest };
}

function atom(from: string[], known: Known): Read {
  const [token, ...rest] = from;
  if (token === undefined) throw new Incalculable("A number is missing at the end.");
  if (/^[\d.]/.test(token)) return { value: Number(token), rest };
  if (token === "(") return bracketed(rest, known);
  if (/^[a-z]/.test(token)) return named(token, rest, known);
  throw new Incalculable(`A number is missing before ${token}.`);
}

function bracketed(from: string[], known: Known): Read {
  const { value, rest } = sum(from, deeper(known));
  if (rest.length === 0) throw new Incalculable("A bracket is never closed.");
  if (rest[0] !== ")") throw new Incalculable(`A sign is missing before ${rest[0]}.`);
  return { value, rest: rest.slice(1) };
}

function named(name: string, rest: string[], known: Known): Read {
  const of = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (of) {
    // A root sign stands before its number as well: √2.
    if (rest[0] !== "(" && name !== "sqrt") throw new Incalculable(`Write a bracket after ${name}.`);
    const argument = atom(rest, deeper(known));
    return { value: of(argument.value), rest: argument.rest };
  }
  if (name === "pi") return { value: Math.PI, rest };
  if (name === "e") return { value: Math.E, rest };
  if (name === "log") throw new Incalculable("Write ln for the natural logarithm, or log10.");
  if (name !== "ans") throw new Incalculable(`This name means nothing here: ${name}`);
  if (known.answer === null) throw new Incalculable("There is no result yet that ans could stand for.");
  return { value: known.answer, rest };
}

function deeper({ answer, depth }: Known): Known {
  if (depth >= DEEPEST) throw new Incalculable("This is nested too deeply.");
  return { answer, depth: depth + 1 };
}
