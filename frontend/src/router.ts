import { signal } from "@preact/signals";
import { rememberScroll, restoreScroll, scrollKept, watchScroll } from "./scroll";
import { launch } from "./state/launch";

/**
 * Whether the browser's address stays as it is, and each entry of the history says where it leads instead: in a launch,
 * because no other address may stand in the frame of another system, and a reload of one would be refused.
 */
const keepsAddress = (): boolean => launch.peek() !== null;

/** Where the app is; written only here. */
export const place = signal(here());

/** Where the current entry of the history leads. */
export function here(): URL {
  const state: unknown = keepsAddress() ? history.state : null;
  const kept = state instanceof Object && "place" in state ? state.place : null;
  return new URL(typeof kept === "string" ? kept : location.href);
}

export interface Going {
  /** Take the place of the current entry of the history, as a redirection does. */
  replace?: boolean;
}

/** Go to a place of the app: `navigate("/lessons/regularization#section-2")`. */
export function navigate(to: string, { replace = false }: Going = {}): void {
  const target = new URL(to, place.peek());
  const moved = target.pathname !== place.value.pathname;
  rememberScroll();
  const kept = moved || !replace ? null : history.state;
  const [state, address] = keepsAddress()
    ? [{ ...kept, place: target.href }, location.href]
    : [kept, target.href];
  if (replace) history.replaceState(state, "", address);
  else history.pushState(state, "", address);
  place.value = target;
  if (moved) scrollTo({ top: 0, behavior: "instant" });
  // Elsewhere the browser itself jumps.
  else if (keepsAddress()) document.getElementById(target.hash.slice(1))?.focus({ preventScroll: true });
  if (target.hash && (moved || keepsAddress())) restoreScroll(target.hash, null);
}

/** Follow the browser's buttons, and every plain click on a link that stays inside the app. */
export function watchNavigation(isOurs: (pathname: string) => boolean): void {
  watchScroll();
  addEventListener("popstate", (event) => {
    const target = here();
    const moved = target.pathname !== place.value.pathname;
    place.value = target;
    // A jump inside the page has no place yet. The browser goes there once; figures on the way may still grow.
    const top = scrollKept(event.state);
    if (moved || top !== null || target.hash) restoreScroll(target.hash, top);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || !isPlain(event, link)) return;
    const target = new URL(link.getAttribute("href") ?? "", place.peek());
    const isInside = target.origin === location.origin && isOurs(target.pathname);
    const isJump = target.pathname === place.peek().pathname && target.hash !== "";
    // What is not the app's seldom shows itself in the frame of another system.
    if (!isInside && keepsAddress() && target.protocol.startsWith("http")) link.target = "_blank";
    if (!isInside || (isJump && !keepsAddress())) return;
    event.preventDefault();
    navigate(target.href);
  });
}

function isPlain(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  return !event.defaultPrevented && !modified && !link.target && !link.hasAttribute("download");
}

export type Params = Readonly<Record<string, string>>;

/** A parameter of an address: a slug or an id. */
const PARAMETER = /^[-\w]+$/;

/** The values of `:name` parts where `pathname` has the shape of `pattern`, or null. */
export function match(pattern: string, pathname: string): Params | null {
  const wanted = pattern.split("/");
  const given = pathname.replace(/(.)\/$/, "$1").split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":") && PARAMETER.test(value)) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}
