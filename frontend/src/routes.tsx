import type { VNode } from "preact";
import { PATTERNS, type ScreenName } from "./paths";
import { match, type Params } from "./router";

type Screen = (params: Params) => VNode;

/**
 * What each address of `routes.json` shows. The `key` gives each thing shown a fresh screen.
 *
 * The code of a screen is a file of its own, fetched when it is wanted or about to be.
 */
const SCREENS: Record<ScreenName, () => Promise<Screen>> = {
  catalogue: async () => {
    const { Catalogue } = await import("./views/Catalogue");
    return () => <Catalogue />;
  },
  lesson: async () => {
    const { Lesson } = await import("./views/Lesson");
    return ({ slug = "" }) => <Lesson key={slug} slug={slug} />;
  },
  assessment: async () => {
    const { Start } = await import("./views/Start");
    return ({ slug = "" }) => <Start key={slug} slug={slug} />;
  },
  attempt: async () => {
    const { Sitting } = await import("./views/Sitting");
    return ({ id = "" }) => <Sitting key={id} id={id} />;
  },
  result: async () => {
    const { Result } = await import("./views/Result");
    return ({ id = "" }) => <Result key={id} id={id} />;
  },
  practice: async () => {
    const { Practice } = await import("./views/Practice");
    return ({ slug = "" }) => <Practice key={slug} slug={slug} />;
  },
  course: async () => {
    const { Course } = await import("./views/Course");
    return ({ id = "" }) => <Course key={id} id={id} />;
  },
  join: async () => {
    const { Join } = await import("./views/Join");
    return () => <Join code={null} />;
  },
  joinByLink: async () => {
    const { Join } = await import("./views/Join");
    return ({ code = "" }) => <Join key={code} code={code} />;
  },
  progress: async () => {
    const { Progress } = await import("./views/Progress");
    return () => <Progress />;
  },
  signIn: async () => {
    const { Account } = await import("./views/Account");
    return () => <Account key="in" mode="sign-in" />;
  },
  signUp: async () => {
    const { Account } = await import("./views/Account");
    return () => <Account key="up" mode="sign-up" />;
  },
  account: async () => {
    const { YourAccount } = await import("./views/YourAccount");
    return () => <YourAccount />;
  },
  recover: async () => {
    const { Recover } = await import("./views/Recover");
    return () => <Recover />;
  },
  launched: async () => {
    const { Launched } = await import("./views/Launched");
    return () => <Launched />;
  },
  launchedGrades: async () => {
    const { LaunchedGrades } = await import("./views/LaunchedGrades");
    return () => <LaunchedGrades />;
  },
};

export interface Address {
  name: ScreenName;
  params: Params;
}

/** What an address asks for, or null where the app has nothing. */
export function addressOf(pathname: string): Address | null {
  for (const [name, pattern] of PATTERNS) {
    const params = match(pattern, pathname);
    if (params) return { name, params };
  }
  return null;
}

const fetched = new Map<ScreenName, Screen>();
const onTheirWay = new Map<ScreenName, Promise<void>>();

/** Return the screen, if its code is there. */
export const screenOf = ({ name, params }: Address): VNode | null => fetched.get(name)?.(params) ?? null;

/** Fetch the code of a screen; once, unless it failed. */
export function fetchScreen(name: ScreenName): Promise<void> {
  const before = onTheirWay.get(name);
  if (before) return before;
  const run = SCREENS[name]().then((screen) => {
    fetched.set(name, screen);
  });
  onTheirWay.set(name, run);
  run.catch(() => onTheirWay.delete(name));
  return run;
}

/** Fetch the screen behind a link as soon as somebody points at it, so that following it waits for nothing more. */
export function watchIntent(): void {
  const prepare = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest("a") : null;
    const address = link?.origin === location.origin ? addressOf(link.pathname) : null;
    // Who follows the link is told what does not work; who passes by needs not know.
    if (address) void fetchScreen(address.name).catch(() => undefined);
  };
  for (const intent of ["pointerover", "focusin", "touchstart"])
    document.addEventListener(intent, prepare, { passive: true });
}
