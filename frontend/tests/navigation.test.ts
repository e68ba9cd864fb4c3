import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isOurs } from "../src/paths";
import { navigate, place, watchNavigation } from "../src/router";
import { launch } from "../src/state/launch";
import { ADDRESS, arriveAt, LAUNCH, leave } from "./launch";

beforeAll(() => watchNavigation(isOurs));
beforeEach(() => {
  launch.value = LAUNCH;
  arriveAt(ADDRESS);
});
afterEach(() => {
  document.body.replaceChildren();
  leave();
});

const browserAddress = () => location.pathname + location.search + location.hash;
const shown = () => place.value.pathname + place.value.search + place.value.hash;

/** Click on a link; returns it, and whether the browser was left to follow it. */
function click(html: string) {
  document.body.innerHTML = html;
  const link = document.body.querySelector("a") ?? document.body;
  const event = new MouseEvent("click", { bubbles: true, cancelable: true });
  let isLeft = false;
  const look = (last: Event) => {
    isLeft = !last.defaultPrevented;
    last.preventDefault();
  };
  addEventListener("click", look, { once: true });
  link.dispatchEvent(event);
  return { link, isLeft };
}

/** Press the browser's back button, so that it comes to an entry with this state. */
function comeBackTo(state: unknown) {
  history.replaceState(state, "", ADDRESS);
  dispatchEvent(new PopStateEvent("popstate", { state }));
}

describe("the address of a launch", () => {
  it("stays, while the app goes elsewhere and its history remembers where", () => {
    const pushed = vi.spyOn(history, "pushState");
    navigate("/lessons/a?from=here#section-2");
    expect(shown()).toBe("/lessons/a?from=here#section-2");
    expect(browserAddress()).toBe(ADDRESS);
    expect(pushed).toHaveBeenCalledOnce();
    navigate("?at=3", { replace: true });
    expect(shown()).toBe("/lessons/a?at=3");
    expect(browserAddress()).toBe(ADDRESS);
    expect(pushed).toHaveBeenCalledOnce();
  });

  it("leads back and forward inside the app", () => {
    navigate("/assessments/quiz");
    const before = history.state;
    navigate("/attempts/a1?at=2");
    const after = history.state;
    comeBackTo(before);
    expect(shown()).toBe("/assessments/quiz");
    comeBackTo(after);
    expect(shown()).toBe("/attempts/a1?at=2");
    expect(browserAddress()).toBe(ADDRESS);
  });

  it("forgets none of its places when the reader scrolls", () => {
    navigate("/lessons/a");
    // The hand that scrolls ends the way back to an earlier place.
    dispatchEvent(new Event("wheel"));
    dispatchEvent(new Event("pagehide"));
    expect(history.state).toMatchObject({ scroll: 0, place: expect.stringMatching(/\/lessons\/a$/) });
  });

  it("is not that of the place: a reload that has lost the launch shows none of its places", () => {
    navigate("/lessons/a");
    launch.value = null;
    comeBackTo(history.state);
    expect(shown()).toBe(ADDRESS);
  });

  it("stays at a link to a section, which is brought into view and takes the focus", () => {
    navigate("/lessons/a");
    const seen = vi.spyOn(HTMLElement.prototype, "focus");
    const { isLeft } = click('<a href="#main">Skip</a><main id="main" tabindex="-1"></main>');
    expect(isLeft).toBe(false);
    expect(shown()).toBe("/lessons/a#main");
    expect(browserAddress()).toBe(ADDRESS);
    expect(seen.mock.contexts[0]).toBe(document.getElementById("main"));
  });

  it("is left alone by links that lead out of the app, which open a page of their own", () => {
    const { link, isLeft } = click('<a href="https://example.com/">Elsewhere</a>');
    expect(isLeft).toBe(true);
    expect(link.getAttribute("target")).toBe("_blank");
    expect(shown()).toBe(ADDRESS);
  });
});

describe("outside of a launch", () => {
  beforeEach(() => {
    launch.value = null;
    arriveAt("/progress");
  });

  it("the browser's address is that of the place", () => {
    navigate("/lessons/a?x=1#b");
    expect(browserAddress()).toBe("/lessons/a?x=1#b");
    expect(history.state).toBeNull();
  });

  it("links inside the app are followed without a reload, sections and the rest by the browser", () => {
    expect(click('<a href="/lessons/a">A</a>').isLeft).toBe(false);
    expect(browserAddress()).toBe("/lessons/a");
    expect(click('<a href="#b">B</a>').isLeft).toBe(true);
    const { link, isLeft } = click('<a href="/api/v1/docs/">Docs</a>');
    expect(isLeft).toBe(true);
    expect(link.getAttribute("target")).toBeNull();
  });
});
