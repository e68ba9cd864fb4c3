/** The document as text: lines with numbers, colors, completion from the schema, and faults where they stand. */

import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completions, type Schema } from "./completion.ts";
import { lineOf } from "./places.ts";
import type { Fault } from "./talk.ts";

export interface TextEditor {
  show(text: string): void;
  mark(faults: Fault[]): void;
  go(line: number, column: number): void;
  find(path: string[]): void;
}

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--editor-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--editor-string)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--body-quiet-color)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--editor-number)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--body-fg)", backgroundColor: "var(--body-bg)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  ".cm-content": { fontFamily: "var(--font-family-monospace)", caretColor: "var(--body-fg)" },
  ".cm-cursor": { borderLeftColor: "var(--body-fg)" },
  ".cm-gutters": {
    backgroundColor: "var(--darkened-bg)",
    color: "var(--body-quiet-color)",
    borderRight: "1px solid var(--hairline-color)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent) !important",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--body-bg)",
    color: "var(--body-fg)",
    borderColor: "var(--border-color)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--primary)",
    color: "var(--primary-fg)",
  },
});

/** A text area's place is taken by the editor, in a shadow: its styles are made there, as the policy of the page asks. */
export function openText(
  area: HTMLTextAreaElement,
  schema: Schema,
  changed: (text: string) => void,
): TextEditor {
  const host = document.createElement("div");
  host.className = "editor-code";
  area.before(host);
  area.hidden = true;
  const root = host.attachShadow({ mode: "open" });
  let isShowing = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentUnit.of("  "),
        yaml(),
        syntaxHighlighting(colors),
        lintGutter(),
        autocompletion({ override: [completions(schema)] }),
        keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "The document" }),
        theme,
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || isShowing) return;
          area.value = update.state.doc.toString();
          changed(area.value);
        }),
      ],
    }),
  });

  return {
    show(text) {
      const before = view.state.doc.toString();
      if (text === before) return;
      isShowing = true;
      view.dispatch({ changes: difference(before, text) });
      isShowing = false;
    },
    mark(faults) {
      view.dispatch(
        setDiagnostics(
          view.state,
          faults.flatMap((one) => diagnostic(view.state.doc, one)),
        ),
      );
    },
    go(line, column) {
      const place = position(view.state.doc, line, column);
      view.dispatch({
        selection: { anchor: place },
        effects: EditorView.scrollIntoView(place, { y: "center" }),
      });
      view.focus();
    },
    find(path) {
      const at = lineOf(view.state.doc.toString().split("\n"), path);
      this.go(at + 1, 1);
    },
  };
}

/** Change only what differs, so that the place of the cursor and the history stay of use. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from++;
  let same = 0;
  const most = Math.min(before.length, after.length) - from;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

function position(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(found.from + column - 1, found.to);
}

function diagnostic(doc: Text, fault: Fault): Diagnostic[] {
  if (!fault.line) return [];
  const from = position(doc, fault.line, fault.column ?? 1);
  const to = fault.end_line ? position(doc, fault.end_line, fault.end_column ?? 1) : doc.lineAt(from).to;
  const message = fault.suggestion ? `${fault.reason} (${fault.suggestion}?)` : fault.reason;
  return [{ from, to: Math.max(from, to), severity: fault.refuses ? "error" : "info", message }];
}
