/**
 * Read the numbers people type as `content/items/numbers.py` does, so that a learner sees what the server will read.
 *
 * The server's reading is the truth. `tests/interactions/numbers.json` holds what it makes of some hundred spellings
 * and this must make the same of them, in value and in words.
 */

/** By which rules a field is read: those of a locale, and what the item takes besides plain numbers. */
export interface Rules {
  locale: string;
  fractions: boolean;
  percent: boolean;
}

export type Reading = { value: number } | { refusal: string };

interface Convention {
  decimal: string;
  groups: string;
  /** How many digits stand in the groups but the last. */
  inner: number;
}

const POINT: Convention = { decimal: ".", groups: ", ", inner: 3 };
const POINT_APOSTROPHE: Convention = { decimal: ".", groups: "' ", inner: 3 };
const POINT_LAKHS: Convention = { decimal: ".", groups: ", ", inner: 2 };
const COMMA_DOTS: Convention = { decimal: ",", groups: ". ", inner: 3 };
const COMMA_SPACES: Convention = { decimal: ",", groups: " ", inner: 3 };

const BY_LOCALE = new Map<string, Convention>(
  (
    [
      [POINT, "en ja ko zh he th"],
      [POINT_APOSTROPHE, "ch de-ch it-ch fr-ch"],
      [POINT_LAKHS, "in en-in hi"],
      [COMMA_DOTS, "de es it nl pt da tr el ro id eu"],
      [COMMA_SPACES, "fr pl cs sk sv nb fi hu ru uk bg"],
    ] as const
  ).flatMap(([convention, locales]) => locales.split(" ").map((one) => [one, convention] as const)),
);

/** How a locale (`de`, `de-CH`, `pt_BR`) writes numbers; an unknown one as English does. */
export function conventionOf(locale: string): Convention {
  const tag = locale.toLowerCase().replaceAll("_", "-");
  return BY_LOCALE.get(tag) ?? BY_LOCALE.get(tag.split("-", 1)[0] ?? "") ?? POINT;
}

const LONGEST = 100;

class Unreadable extends Error {}

/** The number that a typed text is, or the sentence that says how to write it. */
export function readNumber(typed: string, rules: Rules): Reading {
  try {
    return { value: numberOf(typed, rules) };
  } catch (error) {
    if (error instanceof Unreadable) return { refusal: error.message };
    throw error;
  }
}

function numberOf(typed: string, { locale, fractions, percent }: Rules): number {
  if ([...typed].length > LONGEST)
    throw new Unreadable(`That is too long for a number: at most ${LONGEST} characters are read.`);
  const text = bare(plainlySet(typed));
  if (!text) throw new Unreadable("Enter a number.");
  const convention = conventionOf(locale);
  if (text.endsWith("%")) return percentage(text, convention, percent);
  if (text.includes("/")) return fraction(text, convention, fractions);
  return decimal(text, convention);
}

// What Python takes for white space, which is not quite what JavaScript does.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const AT_START = new RegExp(`^${SPACE}+`);
const AT_END = new RegExp(`${SPACE}+$`);

const strip = (text: string): string => stripEnd(text.replace(AT_START, ""));
const stripEnd = (text: string): string => text.replace(AT_END, "");

const KEYBOARD: Record<string, string> = { "\u2212": "-", "\u2013": "-", "\u2019": "'" };
const TYPESET = /[\u2212\u2013\u00a0\u2007\u2009\u202f\u2019\u00d7\u00b7\u22c5]/g;

/** The text with the marks of typesetters (minus, times, thin spaces) as a keyboard has them. */
const plainlySet = (text: string): string =>
  strip(text.replace(TYPESET, (mark) => KEYBOARD[mark] ?? ("×·⋅".includes(mark) ? "*" : " ")));

const LABEL = /^(?:[\p{L}\p{Nl}\p{No}][\p{L}\p{N}_'′]{0,19} ?)?(?::?=|≈) ?/u;
const WRAPPERS = [
  ["(", ")"],
  ["$", "$"],
  ["\\(", "\\)"],
] as const;
const LAYERS = 3;

/** The text without a label (`w =`, `≈`), and without brackets or dollars round all of it. */
function bare(typed: string): string {
  let text = typed;
  for (let layer = 0; layer < LAYERS; layer += 1) text = unwrapped(text.replace(LABEL, ""));
  return text;
}

function unwrapped(typed: string): string {
  let text = typed;
  for (const [opening, closing] of WRAPPERS) {
    const inner = text.slice(opening.length, -closing.length);
    if (text.startsWith(opening) && text.endsWith(closing) && inner && !inner.includes(opening))
      text = strip(inner);
  }
  return text;
}

function percentage(text: string, convention: Convention, isAllowed: boolean): number {
  const value = decimal(stripEnd(text.slice(0, -1)), convention);
  if (!isAllowed) throw new Unreadable("Write the number without a percent sign.");
  return value / 100;
}

function fraction(text: string, convention: Convention, isAllowed: boolean): number {
  if (!isAllowed)
    throw new Unreadable(`Write a decimal number, such as 0${convention.decimal}75, not a fraction.`);
  const [over, under] = partition(text, "/").map((side) => unwrapped(strip(side)));
  const numerator = decimal(over ?? "", convention);
  const denominator = decimal(under ?? "", convention);
  if (denominator === 0) throw new Unreadable("A fraction cannot have 0 below the line.");
  const value = numerator / denominator;
  if (!Number.isFinite(value)) throw new Unreadable("That number is too large.");
  return value;
}

/** What stands before and after the first `mark`. */
function partition(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";
const LEVEL = "0123456789-+";
const POWER = "(?<power>\\(?[+-]?[0-9]+\\)?)";
const BARE_POWER = new RegExp(`^(?<sign>[+-]?)10(?:(?:\\^|\\*\\*)${POWER}|(?<raised>[${RAISED}]+))$`);
const EXPONENT = new RegExp(
  `^(?<mantissa>[^eEx*^]*?) ?(?:[eE] ?(?<e>[+-]?[0-9]+)|[x*] ?10 ?(?:\\^|\\*\\*) ?${POWER}|[x*] ?10(?<raised>[${RAISED}]+))?$`,
);
const WORD = /[\p{L}\p{Nl}\p{No}]+/u;

function decimal(text: string, convention: Convention): number {
  const power = BARE_POWER.exec(text)?.groups;
  if (power) return magnitude(`${power.sign}1`, powerOf(power));
  const split = EXPONENT.exec(text)?.groups;
  if (!split) throw howToWrite(text, convention);
  const mantissa = split.mantissa ?? "";
  const sign = /^[+-]?/.exec(mantissa)?.[0] ?? "";
  const unsigned = mantissa.slice(sign.length).replace(AT_START, "");
  const hasMark = unsigned.includes(convention.decimal);
  const [whole, part] = partition(unsigned, convention.decimal);
  if (WORD.test(whole + part)) throw howToWrite(text, convention);
  if (!hasMark) refuseTwoReadings(sign, whole, convention);
  const digits = [ungrouped(whole, text, convention), ungroupedPart(part, text, convention)] as const;
  if (!/^[0-9]+$/.test(digits.join(""))) throw howToWrite(text, convention);
  return magnitude(`${sign}${digits[0] || "0"}.${digits[1] || "0"}`, powerOf(split));
}

function powerOf({ raised, e, power }: Record<string, string | undefined>): string {
  if (raised) return [...raised].map((sign) => LEVEL[RAISED.indexOf(sign)]).join("");
  return (e || power || "0").replace(/^[()]+|[()]+$/g, "");
}

function magnitude(mantissa: string, power: string): number {
  if (!/^[+-]?[0-9]+$/.test(power)) throw new Unreadable("The power of ten must be a whole number.");
  const value = Number(`${mantissa}e${power}`);
  if (!Number.isFinite(value)) throw new Unreadable("That number is too large.");
  if (value === 0 && /[1-9]/.test(mantissa)) throw new Unreadable("That number is too close to 0.");
  return value;
}

/** `1,704` and its like: half the world writes 1.704 so, and calculators print a point everywhere. */
function refuseTwoReadings(sign: string, whole: string, { decimal: mark, groups }: Convention): void {
  const [, first, between = "", rest] = /^([1-9][0-9]{0,2})([.,])([0-9]{3})$/.exec(whole) ?? [];
  if (first && groups.includes(between))
    throw new Unreadable(
      `Write ${sign}${first}${mark}${rest} or ${sign}${first}${rest}: with “${between}” it could be either number.`,
    );
}

function ungrouped(whole: string, text: string, convention: Convention): string {
  const marks = new Set([...whole].filter((character) => convention.groups.includes(character)));
  const [mark] = marks;
  if (mark === undefined) return whole;
  if (marks.size > 1) throw new Unreadable("Separate the digits of a number with one kind of mark only.");
  const [first = "", ...rest] = whole.split(mark);
  const inner = mark === " " ? 3 : convention.inner;
  const sizesFit = rest.at(-1)?.length === 3 && rest.slice(0, -1).every((group) => group.length === inner);
  if (!sizesFit || first.length < 1 || first.length > inner || first.startsWith("0"))
    throw howToWrite(text, convention);
  return [first, ...rest].join("");
}

function ungroupedPart(part: string, text: string, convention: Convention): string {
  const groups = part.split(" ");
  const last = groups.at(-1)?.length ?? 0;
  if (
    groups.slice(0, -1).some((group) => group.length !== 3) ||
    (groups.length > 1 && (last < 1 || last > 3))
  )
    throw howToWrite(text, convention);
  return groups.join("");
}

const OTHER_DIGITS =
  /[\p{Nd}\u{b2}-\u{b3}\u{b9}\u{1369}-\u{1371}\u{19da}\u{2070}\u{2074}-\u{2079}\u{2080}-\u{2089}\u{2460}-\u{2468}\u{2474}-\u{247c}\u{2488}-\u{2490}\u{24ea}\u{24f5}-\u{24fd}\u{24ff}\u{2776}-\u{277e}\u{2780}-\u{2788}\u{278a}-\u{2792}]/u;
const BROKEN_POWER = /[0-9][eE][-+]?[0-9]+[.,][0-9]/;
const ARITHMETIC = /[0-9.)] ?[-+*/^(]|[-+*/^(] ?[(A-Za-z√]|[A-Za-z] ?\(|√/;
const EXPONENTS = new RegExp(
  `(?<=[0-9.])${SPACE}?(?:[eE]${SPACE}?[-+]?[0-9]+|[x*]${SPACE}?10${SPACE}?(?:\\^|\\*\\*)${SPACE}?\\(?[-+]?[0-9]+\\)?)`,
  "g",
);
const SYMBOL = new RegExp(`(?!${SPACE})[^\\p{Nd}.,'+-]`, "u");
const TWO_NUMBERS = /[0-9]*[.,][0-9]+ +[-+]?[0-9]*[.,][0-9]+/;
const LONGEST_WORD_SHOWN = 20;

function howToWrite(text: string, { decimal: mark }: Convention): Unreadable {
  const lowered = text.toLowerCase().replace(/^[+\- ]+/, "");
  const hasDigits = OTHER_DIGITS.test(text);
  const beside = text.replace(EXPONENTS, "");
  const word = (WORD.exec(beside) ?? SYMBOL.exec(beside))?.[0];
  if (/^(?:inf|nan|∞)/.test(lowered))
    return new Unreadable("Infinity and undefined values are not numbers here.");
  if (OTHER_DIGITS.test(text.replace(/[0-9]/g, "")))
    return new Unreadable("Write the number with the digits 0 to 9.");
  if (BROKEN_POWER.test(text)) return new Unreadable("The power of ten must be a whole number.");
  if (hasDigits && /[=≈]/.test(text)) return new Unreadable("Write the number alone, without an equation.");
  if (hasDigits && ARITHMETIC.test(beside))
    return new Unreadable("Work it out and write the result as one number, without +, -, *, / or brackets.");
  if (hasDigits && word)
    return new Unreadable(
      `Write the number alone, without “${[...word].slice(0, LONGEST_WORD_SHOWN).join("")}”.`,
    );
  if (TWO_NUMBERS.test(text)) return new Unreadable("Write one number, without spaces.");
  if (/[,.']/.test(text))
    return new Unreadable(
      `Write the decimal mark as “${mark}”, for example 1${mark}5, and a large number without marks, for example 12500.`,
    );
  if (text.includes(" ")) return new Unreadable("Write one number, without spaces.");
  return new Unreadable(`Write a number, for example 1${mark}5 or -2e-3.`);
}
