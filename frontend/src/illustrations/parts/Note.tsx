import type { ComponentChildren } from "preact";

/** A line beside the controls of a figure: what is worth trying, and how things are meant. */
export const Note = ({ children }: { children: ComponentChildren }) => <p class="figure-note">{children}</p>;
