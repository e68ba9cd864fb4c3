import { Color } from "three";
import type { Rule } from "../numbers/descent";

/** The colors of the scene, as the style sheet has them now. */
export interface Palette {
  low: Color;
  high: Color;
  floor: Color;
  line: Color;
  axis: Color;
  contour: Color;
  floorContour: Color;
  penalty: Color;
  best: Color;
  start: Color;
  trails: Record<Rule, Color>;
}

/** Reads the tokens, which differ in light and dark. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => new Color(style.getPropertyValue(`--${name}`).trim());
  const mixed = (one: string, other: string, share: number) => token(one).lerp(token(other), share);
  return {
    low: mixed("petrol-soft", "petrol", 0.5),
    high: token("petrol-soft"),
    floor: token("sunken"),
    line: token("line"),
    axis: token("line-strong"),
    contour: mixed("petrol-soft", "petrol", 0.8),
    floorContour: mixed("sunken", "petrol", 0.6),
    penalty: token("copper-bright"),
    best: token("petrol"),
    start: token("copper-bright"),
    trails: {
      plain: token("ink"),
      penalized: token("copper"),
      proximal: token("right"),
      momentum: token("wrong"),
    },
  };
}
