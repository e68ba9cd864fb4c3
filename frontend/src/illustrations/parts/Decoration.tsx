import type { ComponentChildren } from "preact";

/** What is drawn for the eye alone, inside an SVG that screen readers enter for its handles. */
export const Decoration = (props: { class?: string; transform?: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of an SVG takes no focus.
  <g aria-hidden="true" class={props.class} transform={props.transform}>
    {props.children}
  </g>
);
