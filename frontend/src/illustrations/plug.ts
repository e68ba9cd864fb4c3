import type { ComponentType } from "preact";

/** What a figure of a lesson is handed. The server has checked the settings and filled in what was not said. */
export interface IllustrationProps<Settings> {
  settings: Settings;
  /** Unique on the page. */
  id: string;
}

/** Fetches the component of a figure. */
export type Load = () => Promise<ComponentType<IllustrationProps<unknown>>>;

/** A figure whose component reads settings of its own; the server's table of kinds says that they have this shape. */
export const plug = <Settings>(load: () => Promise<ComponentType<IllustrationProps<Settings>>>): Load =>
  load as Load;
