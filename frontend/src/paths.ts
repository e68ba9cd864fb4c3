import { match } from "./router";
import routes from "./routes.json";

/** The name of a screen. The table is the only one: the server answers 404 for an address that is not in it. */
export type ScreenName = keyof typeof routes;

export const PATTERNS = Object.entries(routes) as [ScreenName, string][];

/** Whether the app has a screen for an address; the rest of the site belongs to other programs. */
export const isOurs = (pathname: string): boolean =>
  PATTERNS.some(([, pattern]) => match(pattern, pathname) !== null);

/** Whether a launch from a course arrives at this address. */
export const isArrival = (pathname: string): boolean => match(routes.launched, pathname) !== null;

/** Where somebody may be sent on to. `isApp`: without leaving the page. */
export interface Destination {
  href: string;
  isApp: boolean;
}

const HOME: Destination = { href: "/", isApp: true };

/** Read where a link wants the learner to go on: to a screen, or to the desk, and never to another site. */
export function destination(wanted: string | null): Destination {
  if (wanted === null || !URL.canParse(wanted, location.origin)) return HOME;
  const { origin, pathname, search, hash } = new URL(wanted, location.origin);
  if (origin !== location.origin) return HOME;
  const href = pathname + search + hash;
  if (isOurs(pathname)) return { href, isApp: true };
  return /^\/admin(\/|$)/.test(pathname) ? { href, isApp: false } : HOME;
}

/** The address of the sign-in from anywhere: it comes back, but not to a screen that asks who one is. */
export const signInHere = (here: Pick<URL, "pathname" | "search">): string =>
  /^\/sign-(in|up)$/.test(here.pathname) ? `/sign-in${here.search}` : signInFrom(here);

/** The address of the sign-in that comes back to `here`. */
export const signInFrom = ({ pathname, search }: Pick<URL, "pathname" | "search">): string =>
  `/sign-in?then=${encodeURIComponent(pathname + search)}`;
