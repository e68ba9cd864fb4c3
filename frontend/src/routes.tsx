import type { VNode } from "preact";
import { NotFound } from "./components/NotFound";
import { PATTERNS, type ScreenName } from "./paths";
import { match, type Params } from "./router";
import { Account } from "./views/Account";
import { Catalogue } from "./views/Catalogue";
import { Lesson } from "./views/Lesson";
import { Practice } from "./views/Practice";
import { Progress } from "./views/Progress";
import { Result } from "./views/Result";
import { Sitting } from "./views/Sitting";
import { Start } from "./views/Start";

type Screen = (params: Params) => VNode;

/** What each address of `routes.json` shows. The `key` gives each thing shown a fresh screen. */
const SCREENS: Record<ScreenName, Screen> = {
  catalogue: () => <Catalogue />,
  lesson: ({ slug = "" }) => <Lesson key={slug} slug={slug} />,
  assessment: ({ slug = "" }) => <Start key={slug} slug={slug} />,
  attempt: ({ id = "" }) => <Sitting key={id} id={id} />,
  result: ({ id = "" }) => <Result key={id} id={id} />,
  practice: ({ slug = "" }) => <Practice key={slug} slug={slug} />,
  progress: () => <Progress />,
  signIn: () => <Account key="in" mode="sign-in" />,
  signUp: () => <Account key="up" mode="sign-up" />,
};

export function screenAt(pathname: string): VNode {
  for (const [name, pattern] of PATTERNS) {
    const params = match(pattern, pathname);
    if (params) return SCREENS[name](params);
  }
  return <NotFound />;
}
