import { here } from "../../router";

/**
 * The state of a figure in the address of its page: `?weight-plane-1=penalty:l2;budget:0.8#weight-plane-1`.
 *
 * Values are written as text; whoever reads them back checks them.
 */
export type State = Readonly<Record<string, string | number>>;

/** The address that shows a figure in this state. */
export function permalink(id: string, state: State, base: string = here().href): string {
  const address = new URL(base);
  const text = Object.entries(state).map(([name, value]) => `${name}:${value}`);
  address.searchParams.set(id, text.join(";"));
  address.hash = id;
  return address.href;
}

/** What an address says of a figure; nothing where it says nothing. */
export function stateIn(id: string, address: string = here().href): Record<string, string> {
  const text = new URL(address).searchParams.get(id) ?? "";
  const entries = text.split(";").map((part) => part.split(":"));
  return Object.fromEntries(entries.filter((entry) => entry.length === 2));
}

/** The number under a name, if it is one within bounds; else what stands there otherwise. */
export function numberIn(
  state: Record<string, string>,
  name: string,
  low: number,
  high: number,
  otherwise: number,
): number {
  const text = state[name];
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return value >= low && value <= high ? value : otherwise;
}
