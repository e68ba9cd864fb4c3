import type { RawInteraction } from "../api/types";
import { choice } from "./choice";
import { expression } from "./expression";
import { inlineChoice } from "./inline_choice";
import { type SealedKind, seal } from "./kind";
import { matching } from "./matching";
import { matrix } from "./matrix";
import { numeric } from "./numeric";
import { ordering } from "./ordering";
import { text } from "./text";
import { unknown } from "./unknown";

/** Every kind of interaction that the app can show. A new kind is one file and one line here. */
const INTERACTIONS = new Map<string, SealedKind>([
  ["choice", seal(choice)],
  ["numeric", seal(numeric)],
  ["matrix", seal(matrix)],
  ["text", seal(text)],
  ["ordering", seal(ordering)],
  ["matching", seal(matching)],
  ["inline_choice", seal(inlineChoice)],
  ["expression", seal(expression)],
]);

const UNKNOWN = seal(unknown);

export const kindOf = (interaction: RawInteraction): SealedKind =>
  INTERACTIONS.get(interaction.kind) ?? UNKNOWN;
