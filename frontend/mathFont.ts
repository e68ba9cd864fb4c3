import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";
import type { Plugin } from "vite";

const SHEET = new URL("src/styles/math.css", import.meta.url);
const FONT = new URL(
  "node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2",
  import.meta.url,
);
const FACE = /url\("\.\.\/\.\.\/(node_modules\/\.math-font\/[a-z]+\.woff2)"\)[^}]*?unicode-range:([^;]*);/g;

/** The characters of `U+0020-007E, U+2212`. */
function characters(ranges: string): string {
  return ranges
    .split(",")
    .map((range) => {
      const [first = 0, last = first] = range
        .replace("U+", "")
        .split("-")
        .map((code) => Number.parseInt(code.trim(), 16));
      return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join("");
    })
    .join("");
}

/** When a file was written, 0 if it is not there. */
const written = (file: URL): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * The whole font has 400 kB, for every sign there is. Each face in `math.css` gets a file with the signs of its
 * `unicode-range` alone, and with the table that tells browsers how to set formulas.
 */
export function mathFont(): Plugin {
  return {
    name: "math-font",
    apply: (_, { mode }) => mode !== "test",
    async buildStart() {
      for (const [, file = "", ranges = ""] of readFileSync(SHEET, "utf8").matchAll(FACE)) {
        const path = new URL(file, import.meta.url);
        if (written(path) > Math.max(written(SHEET), written(FONT))) continue;
        mkdirSync(new URL(".", path), { recursive: true });
        writeFileSync(
          path,
          await subsetFont(readFileSync(FONT), characters(ranges), { targetFormat: "woff2" }),
        );
      }
    },
  };
}
