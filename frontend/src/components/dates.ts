/** Dates by the clock of a course, which may be another one than that of the browser. */

const format = (timeZone: string | undefined) =>
  new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });

/** A moment as the clock of a time zone shows it: `Tue, 1 Dec 2026, 18:00`. */
export const momentIn = (date: string, timeZone: string): string =>
  format(known(timeZone)).format(new Date(date));

/** Whether the browser's own clock shows one of these moments differently. */
export function differsHere(dates: readonly (string | null)[], timeZone: string): boolean {
  const [here, there] = [format(undefined), format(known(timeZone))];
  return dates.some((date) => date !== null && here.format(new Date(date)) !== there.format(new Date(date)));
}

/** `Europe/Berlin` as people read it. */
export const zoneWords = (timeZone: string): string => timeZone.replaceAll("_", " ");

/** A browser may know fewer time zones than the server: then its own is better than nothing. */
function known(timeZone: string): string | undefined {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone });
    return timeZone;
  } catch {
    return undefined;
  }
}
