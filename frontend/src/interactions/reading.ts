/** Reading what the API sends about an interaction, of which the schema promises only an id and a kind. */
import { isRecord } from "../state/storage";
import type { Rules } from "./number_reader";

export interface Entry {
  id: string;
  html: string;
}

export const readString = (value: unknown): string => (typeof value === "string" ? value : "");

export const readCount = (value: unknown): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : 1;

export const readStrings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];

export function readEntries(value: unknown): Entry[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((entry) => ({ id: readString(entry.id), html: readString(entry.html) }));
}

/** A number or a text as the text to show in a field. */
export const readTyped = (value: unknown): string =>
  typeof value === "number" ? String(value) : readString(value);

/** How a typed number is read: what the item takes besides plain ones, and null where the server reads it otherwise. */
export function readRules(reads: unknown, locale: string): Rules | null {
  const taken = Array.isArray(reads) ? readStrings(reads) : null;
  return taken && { locale, fractions: taken.includes("fractions"), percent: taken.includes("percent") };
}
