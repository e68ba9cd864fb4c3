import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { mathFont } from "./mathFont.ts";

/** Where `npm run dev` finds the API; the built app is served by the API's own origin. */
const API = process.env.ASSAY_API ?? "http://127.0.0.1:8000";

/** The table of the app's addresses goes along, because the server has to tell them from those of nothing. */
function withRoutes(): Plugin {
  return {
    name: "with-routes",
    generateBundle() {
      const source = readFileSync(new URL("src/routes.json", import.meta.url), "utf8");
      this.emitFile({ type: "asset", fileName: "routes.json", source });
    },
  };
}

/** Text in brotli beside the text itself: a sixth smaller than gzip, which is made after the build. */
function withBrotli(): Plugin {
  return {
    name: "with-brotli",
    writeBundle({ dir = "dist" }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => /\.(?:js|css|svg)$/.test(one)))
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(readFileSync(join(dir, name))));
    },
  };
}

/** The rule for passwords is the server's, and its schema says it. */
function shortestPassword(): number {
  const schema = JSON.parse(readFileSync(new URL("openapi.json", import.meta.url), "utf8"));
  const length: unknown = schema.components.schemas.NewAccountRequest.properties.password.minLength;
  if (typeof length !== "number") throw new Error("openapi.json names no shortest password.");
  return length;
}

export default defineConfig({
  base: "/",
  plugins: [mathFont(), withRoutes(), withBrotli()],
  define: { __SHORTEST_PASSWORD__: String(shortestPassword()) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // A data: URL is refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    // The desk sets the formulas of its previews with the same style sheet.
    rolldownOptions: {
      input: { index: "index.html", math: "src/styles/math.css", desk: "src/desk/main.ts" },
    },
  },
  server: {
    port: 5173,
    proxy: { "/api": API, "/admin": API, "/docs": API, "/media": API, "/static": API },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});
