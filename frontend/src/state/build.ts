import { ConnectionLost } from "../api/failure";
import { noteLost } from "./network";
import { deviceStorage } from "./storage";

/** The page loads again by itself at most once for each build: a build that stays broken must not turn in circles. */
const LEFT = "assay.left-build";

const entryOf = (page: Document): string | null =>
  page.querySelector("script[type=module][src]")?.getAttribute("src") ?? null;

/**
 * Whether the server has a newer build than this page, which explains why a part of it is not there any more, and the
 * page may load again by itself. Throws `ConnectionLost` where the server does not answer.
 */
export async function mayLoadAgain(
  page: Document = document,
  storage: Storage | null = deviceStorage(() => sessionStorage),
): Promise<boolean> {
  const ours = entryOf(page);
  const theirs = entryOf(new DOMParser().parseFromString(await fetchPage(), "text/html"));
  if (ours === null || theirs === null || theirs === ours || storage === null) return false;
  if (storage.getItem(LEFT) === ours) return false;
  storage.setItem(LEFT, ours);
  return true;
}

/**
 * Load the page again, if there is a server to load it from: without one the browser would leave the app. Throws
 * `ConnectionLost`.
 */
export async function loadAgain(): Promise<void> {
  await fetchPage();
  location.reload();
}

async function fetchPage(): Promise<string> {
  const reply = await fetch("/", { cache: "no-store" }).catch(() => {
    noteLost();
    throw new ConnectionLost();
  });
  return reply.text();
}
