import { signal } from "@preact/signals";
import { rememberScroll, restoreScroll, scrollKept, watchScroll } from "./scroll";

/** Where the app is; written only here. */
export const place = signal(here());

function here(): URL {
  return new URL(location.href);
}

export interface Going {
  /** Take the place of the current entry of the history, as a redirection does. */
  replace?: boolean;
}

/** Go to a place of the app: `navigate("/lessons/regularization#section-2")`. */
export function navigate(to: string, { replace = false }: Going = {}): void {
  const target = new URL(to, location.href);
  const moved = target.pathname !== place.value.pathname;
  rememberScroll();
  if (replace) history.replaceState(moved ? null : history.state, "", target);
  else history.pushState(null, "", target);
  place.value = target;
  if (!moved) return;
  scrollTo({ top: 0, behavior: "instant" });
  if (target.hash) restoreScroll(target.hash, null);
}

/** Follow the browser's buttons, and every plain click on a link that stays inside the app. */
export function watchNavigation(isOurs: (pathname: string) => boolean): void {
  watchScroll();
  addEventListener("popstate", (event) => {
    const moved = location.pathname !== place.value.pathname;
    place.value = here();
    // A jump inside the page has no place yet. The browser goes there once; figures on the way may still grow.
    const top = scrollKept(event.state);
    if (moved || top !== null || location.hash) restoreScroll(location.hash, top);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !isPlain(event, link)) return;
    const target = new URL(link.href);
    const isJump = target.pathname === location.pathname && target.hash !== "";
    if (target.origin !== location.origin || isJump || !isOurs(target.pathname)) return;
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
