import type { VNode } from "preact";
import { NotFound } from "./components/NotFound";
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

/** Every screen of the app by its address. The `key` gives each thing shown a fresh screen. */
const ROUTES: [pattern: string, screen: Screen][] = [
  ["/", () => <Catalogue />],
  ["/lessons/:slug", ({ slug = "" }) => <Lesson key={slug} slug={slug} />],
  ["/assessments/:slug", ({ slug = "" }) => <Start key={slug} slug={slug} />],
  ["/attempts/:id", ({ id = "" }) => <Sitting key={id} id={id} />],
  ["/attempts/:id/result", ({ id = "" }) => <Result key={id} id={id} />],
  ["/practice/:slug", ({ slug = "" }) => <Practice key={slug} slug={slug} />],
  ["/progress", () => <Progress />],
  ["/sign-in", () => <Account key="in" mode="sign-in" />],
  ["/sign-up", () => <Account key="up" mode="sign-up" />],
];

/** The parts of this site that other programs serve. */
const ELSEWHERE = /^\/(api|admin|static|assets|media|lti|healthz|readyz|metrics)(\/|$)/;

export const isOurs = (pathname: string): boolean => !ELSEWHERE.test(pathname);

export function screenAt(pathname: string): VNode {
  for (const [pattern, screen] of ROUTES) {
    const params = match(pattern, pathname);
    if (params) return screen(params);
  }
  return <NotFound />;
}
