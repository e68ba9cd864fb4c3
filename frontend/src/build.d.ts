/** What the build puts in: see `vite.config.ts`. */
declare const __SHORTEST_PASSWORD__: number;
