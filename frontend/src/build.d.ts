/** What the build puts in: see `vite.config.ts`. */
declare const __SHORTEST_PASSWORD__: number;

declare module "subset-font" {
  export default function subsetFont(
    font: Uint8Array,
    characters: string,
    options: { targetFormat: "woff2" },
  ): Promise<Uint8Array>;
}
