/** What may be written at a place of the document, by its JSON Schema. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  "x-by-type"?: Record<string, Schema>;
}

const ENTRY = /^(\s*)(-\s+)?(?:(["']?)([^:#"'{}[\],]+)\3\s*:)?(.*)$/;

/** The keys that lead to a line of block style; a dash is a place in a list. */
export function pathAt(lines: string[], number: number): string[] {
  const path: string[] = [];
  let indent = (lines[number] ?? "").search(/\S|$/);
  if (/^\s*-\s/.test(lines[number] ?? "")) path.unshift("-");
  for (let line = number - 1; line >= 0 && indent > 0; line--) {
    const found = ENTRY.exec(lines[line] ?? "");
    if (!found?.[0].trim() || found[0].trimStart().startsWith("#")) continue;
    const dash = found[2]?.length ?? 0;
    const own = (found[1]?.length ?? 0) + dash;
    if (found[4] && own < indent) {
      path.unshift(found[4].trim());
      indent = own;
    }
    if (dash && own <= indent) {
      path.unshift("-");
      indent = own - dash;
    }
  }
  return path;
}

/** The keys that stand beside a line, at its indent, with what is written behind them on one line. */
export function siblings(lines: string[], number: number): Record<string, string> {
  const indentOf = (line: string): number => /^\s*(?:-\s+)?/.exec(line)?.[0].length ?? 0;
  const indent = indentOf(lines[number] ?? "");
  const found: Record<string, string> = {};
  const take = (line: string): boolean => {
    const entry = ENTRY.exec(line);
    if (!line.trim()) return true;
    if (indentOf(line) < indent) return false;
    if (indentOf(line) === indent && entry?.[4]) found[entry[4].trim()] = (entry[5] ?? "").trim();
    return true;
  };
  for (let line = number; line >= 0; line--) {
    if (!take(lines[line] ?? "") || /^\s*-\s/.test(lines[line] ?? "")) break;
  }
  for (let line = number + 1; line < lines.length; line++) {
    if (/^\s*-\s/.test(lines[line] ?? "") && indentOf(lines[line] ?? "") <= indent) break;
    if (!take(lines[line] ?? "")) break;
  }
  return found;
}

/** All that may describe what stands under a path. */
export function schemasAt(schema: Schema, path: string[]): Schema[] {
  let here = alternatives(schema);
  for (const step of path) {
    here = here.flatMap((one) => {
      const inner =
        step === "-"
          ? one.items
          : (one.properties?.[step] ??
            (typeof one.additionalProperties === "object" ? one.additionalProperties : undefined));
      return inner ? alternatives(inner) : [];
    });
  }
  return here;
}

function alternatives(schema: Schema): Schema[] {
  const inner = [...(schema.oneOf ?? []), ...Object.values(schema["x-by-type"] ?? {})];
  return [schema, ...inner.flatMap(alternatives)];
}

const isOf = (schema: Schema, written: Record<string, string>): boolean =>
  Object.entries(schema.properties ?? {}).every(
    ([key, inner]) => inner.const === undefined || !(key in written) || written[key] === inner.const,
  );

export function keysAt(schema: Schema, path: string[], written: Record<string, string>): Completion[] {
  const found = new Map<string, Completion>();
  for (const one of schemasAt(schema, path).filter((each) => isOf(each, written)))
    for (const [key, inner] of Object.entries(one.properties ?? {}))
      if (!(key in written) && !found.has(key))
        found.set(key, {
          label: key,
          type: "property",
          apply: `${key}: `,
          ...(inner.title ? { detail: inner.title } : {}),
          ...(inner.description ? { info: inner.description } : {}),
        });
  return [...found.values()];
}

export function valuesAt(schema: Schema, path: string[]): Completion[] {
  const found = new Map<string, Completion>();
  for (const one of schemasAt(schema, path)) {
    const values = one.const === undefined ? (one.enum ?? []) : [one.const];
    const flags = one.type === "boolean" ? [true, false] : [];
    for (const value of [...values, ...flags])
      found.set(String(value), {
        label: String(value),
        type: "enum",
        ...(one.title ? { detail: one.title } : {}),
      });
  }
  return [...found.values()];
}

export function completions(schema: Schema): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const lines = context.state.doc.toString().split("\n");
    const number = context.state.doc.lineAt(context.pos).number - 1;
    const before = context.state.sliceDoc(context.state.doc.lineAt(context.pos).from, context.pos);
    const value = /^\s*(?:-\s+)?([\w-]+):\s+(\S*)$/.exec(before);
    if (value) {
      const options = valuesAt(schema, [...pathAt(lines, number), value[1] ?? ""]);
      return options.length ? { from: context.pos - (value[2]?.length ?? 0), options } : null;
    }
    const key = /^\s*(?:-\s+)?([\w-]*)$/.exec(before);
    if (!key || !(key[1] || context.explicit)) return null;
    const { [key[1] ?? ""]: _unfinished, ...written } = siblings(lines, number);
    const options = keysAt(schema, pathAt(lines, number), written);
    return options.length ? { from: context.pos - (key[1]?.length ?? 0), options } : null;
  };
}
