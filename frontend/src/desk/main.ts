/** The desk's own script: every page that has an editor gets it from here. */

import { Editor } from "./editor.ts";

for (const root of document.querySelectorAll<HTMLElement>(".editor")) new Editor(root);
