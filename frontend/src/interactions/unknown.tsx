import type { InteractionKind } from "./kind";

const Notice = () => (
  <span class="unknown-kind">This page is older than the question. Reload it to be able to answer.</span>
);

/** Stands in for a kind that a newer server knows and this page does not. */
export const unknown: InteractionKind<null, string> = {
  layout: "block",
  readSpec: () => null,
  readValue: () => "",
  isComplete: () => false,
  Input: Notice,
  Answered: Notice,
};
