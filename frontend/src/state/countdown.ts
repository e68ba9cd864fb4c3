/** How much time is left, in figures for the eye and in words for the ear. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SPOKEN_AT_MINUTES = [10, 5, 1] as const;

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

/** The sentence to announce when the time left went from `before` to `after`, or null. */
export function warningBetween(before: number, after: number): string | null {
  const passed = SPOKEN_AT_MINUTES.filter(
    (minutes) => before > minutes * MINUTE && after <= minutes * MINUTE,
  );
  const nearest = passed.at(-1);
  if (nearest === undefined) return null;
  return nearest === 1 ? "One minute left." : `${nearest} minutes left.`;
}

/** Within the last minute: the time to press. */
export const isShort = (milliseconds: number): boolean => milliseconds <= MINUTE;
