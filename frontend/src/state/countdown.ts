/** How much time is left, in figures for the eye and in words for the ear. */

import { WARNINGS } from "./settings";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Milliseconds until the deadline by the server's clock, never below zero; null when there is no deadline. */
export function timeLeft(deadline: string | null, serverNow: number): number | null {
  return deadline === null ? null : Math.max(0, Date.parse(deadline) - serverNow);
}

/** `12:05`, or `1:02:05` for more than an hour. Rounded up, so that 0:00 is shown only when time is up. */
export function formatTimeLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / SECOND);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** The sentence to announce when the time left went from `before` to `after`, or null. `spokenAt` are minutes. */
export function warningBetween(
  before: number,
  after: number,
  spokenAt: readonly number[] = WARNINGS,
): string | null {
  const passed = spokenAt.filter((minutes) => before > minutes * MINUTE && after <= minutes * MINUTE);
  if (passed.length === 0) return null;
  return inMinutes(Math.min(...passed));
}

const inMinutes = (minutes: number): string =>
  minutes === 1 ? "One minute left." : `${minutes} minutes left.`;

/** What to say of more time. */
export const extension = (milliseconds: number): string =>
  `You were given more time. ${inMinutes(Math.max(1, Math.floor(milliseconds / MINUTE)))}`;

/** Within the last minute: the time to press. */
export const isShort = (milliseconds: number): boolean => milliseconds <= MINUTE;
