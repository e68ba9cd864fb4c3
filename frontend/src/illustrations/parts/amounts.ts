import { plainNumber } from "./plot";

/** A number and what belongs to it stay in one line. */
const SPACE = "\u00a0";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number with three digits that count; very large and very small ones with a power of ten: 0.0342, 5.5 × 10⁻⁷. */
export function amount(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return plainNumber(value);
  const [digits = "", power = ""] = value.toExponential(1).split("e");
  return `${digits.replace("-", "−")}${SPACE}×${SPACE}10${superscript(Number(power))}`;
}

const superscript = (power: number): string =>
  `${power < 0 ? "⁻" : ""}${[...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;

/** A share in percent, as far as it is worth telling: 87 %, 99.2 %. */
export const percent = (share: number, digits = 3): string => `${plainNumber(100 * share, digits)}${SPACE}%`;

/** A power of ten, for an axis: 1, 10⁻⁴. */
export const powerOfTen = (value: number): string =>
  value === 1 ? "1" : `10${superscript(Math.round(Math.log10(value)))}`;
