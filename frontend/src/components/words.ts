/** Small pieces of language that several screens use. */
import type { Assessment, AttemptSummary } from "../api/types";

/** `1 try`, `2 tries`: the plural is given where an "s" does not make it. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A share as whole percents. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** At most two decimal places, and no trailing zeros: 0.75, 1, 2.5. */
export const figure = (value: number): string => String(Math.round(value * 100) / 100);

/** What an attempt counts for. An adaptive one tells how many of 100 questions like its own one would get right. */
export function scored(
  mode: Assessment["mode"],
  score: number,
  { max_score }: Pick<AttemptSummary, "max_score">,
): string {
  if (mode === "adaptive") return `about ${Math.round(score)} of ${figure(max_score)}`;
  return `${figure(score)} of ${figure(max_score)}${mode === "mastery" ? " skills" : ""}`;
}

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
});

export const day = (date: string): string => DAY.format(new Date(date));
export const moment = (date: string): string => MOMENT.format(new Date(date));
