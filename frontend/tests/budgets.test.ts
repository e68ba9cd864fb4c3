// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

/** Reads the build that is there and makes none: `npm run build` before, where the numbers are to count. */
const DIST = join(import.meta.dirname, "../dist");
const isBuilt = existsSync(join(DIST, "index.html"));

const KB = 1000;

/** In bytes of gzip. What has no line here may have `ANY`: whatever is heavier is named, with what it may weigh. */
const LIMITS: Record<string, number> = {
  // On every page.
  index: 30 * KB,
  // With the inputs of every kind: reading numbers as the server does, pasting, arranging.
  Verdict: 17 * KB,
  // With the places of one page, what is on its way, and how an attempt ends.
  Sitting: 10 * KB,
  // The controls of the scene, and the library that draws it: fetched when the scene comes into sight.
  LossScene: 14 * KB,
  loss_scene: 150 * KB,
  // The editor of the desk, which no learner fetches, and the text beside its form: when its tab is opened.
  desk: 12 * KB,
  codemirror: 135 * KB,
};
const ANY = 8 * KB;
/** What a lesson needs before its first figure: the entry, its screen, and what both import. */
const LESSON = 110 * KB;
const STYLES = 20 * KB;
/** All script but the illustrations and scenes of lessons: lessons, quizzes, practice, tools, progress, accounts. */
const EVERYTHING = 120 * KB;

const read = (path: string): string => readFileSync(join(DIST, path), "utf8");
const weight = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(join(DIST, path))).length, 0);

const assets = (ending: string): string[] =>
  readdirSync(join(DIST, "assets"))
    .filter((name) => name.endsWith(ending))
    .map((name) => `assets/${name}`);

/** `Lesson-koQcQrMQ.js` is the chunk Lesson. */
const nameOf = (path: string): string => path.replace(/^assets\/(.+)-[-\w]{8}\.\w+$/, "$1");

const entry = (): string => {
  const source = /<script type="module"[^>]* src="\/(assets\/[^"]+)"/.exec(read("index.html"))?.[1];
  if (!source) throw new Error("The page names no script.");
  return source;
};

/** The file and all that it imports before it runs; what it fetches later has `import(` before its name. */
function withImports(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, name = ""] of read(path).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(`assets/${name}`, seen);
  return seen;
}

describe.skipIf(!isBuilt)("the build (skipped where frontend/dist is not there)", () => {
  it("shows a lesson with little script", () => {
    const lesson = assets(".js").filter((path) => nameOf(path) === "Lesson");
    expect(lesson).toHaveLength(1);
    const needed = new Set([entry(), ...lesson].flatMap((path) => [...withImports(path)]));
    expect(weight(needed), [...needed].join(", ")).toBeLessThanOrEqual(LESSON);
  });

  it("has little script in all, before scenes", () => {
    const drawn = readdirSync(join(import.meta.dirname, "../src/illustrations")).map((name) =>
      name.replace(".tsx", ""),
    );
    expect(drawn).toContain("LossScene");
    const others = [...drawn, "loss_scene", "desk", "codemirror"];
    const needed = assets(".js").filter((path) => !others.includes(nameOf(path)));
    expect(weight(needed)).toBeLessThanOrEqual(EVERYTHING);
  });

  it("keeps each part within its limit", () => {
    const parts = assets(".js").map((path) => ({
      name: nameOf(path),
      over: weight([path]) - (LIMITS[nameOf(path)] ?? ANY),
    }));
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.filter(({ over }) => over > 0)).toEqual([]);
  });

  it("has styles that weigh little", () => {
    expect(weight(assets(".css"))).toBeLessThanOrEqual(STYLES);
  });

  it("fetches nothing from another host", () => {
    const hosts = [...assets(".css"), "index.html"].flatMap((path) =>
      [...read(path).matchAll(/(?:url\(|(?:src|href)=)["']?((?:https?:)?\/\/[^"')\s]+)/g)].map(
        ([, url]) => url,
      ),
    );
    const fetched = assets(".js").flatMap((path) =>
      [...read(path).matchAll(/(?:import\(|fetch\(|\.src=)\s*["'`]((?:https?:)?\/\/[^"'`]+)/g)].map(
        ([, url]) => url,
      ),
    );
    expect([...hosts, ...fetched]).toEqual([]);
  });

  it("has a picture for its links that weighs little", () => {
    expect(readFileSync(join(DIST, "cover.png")).length).toBeLessThan(60 * KB);
  });
});
