import { useState } from "preact/hooks";
import { numberIn, stateIn } from "./permalink";

export interface Bounds {
  low: number;
  high: number;
  whole?: boolean;
}

/** A number that the reader moves; it begins where the address of the page says, or else where the author set it. */
export function useLinkedNumber(
  id: string,
  name: string,
  { low, high, whole = false }: Bounds,
  otherwise: number,
): [value: number, set: (value: number) => void] {
  return useState(() => {
    const value = numberIn(stateIn(id), name, low, high, otherwise);
    return whole ? Math.round(value) : value;
  });
}

/** The same for what is on or off: 1 or 0 in the address. */
export function useLinkedFlag(
  id: string,
  name: string,
  otherwise: boolean,
): [value: boolean, set: (value: boolean) => void] {
  return useState(() => numberIn(stateIn(id), name, 0, 1, Number(otherwise)) === 1);
}
