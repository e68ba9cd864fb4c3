import { signal } from "@preact/signals";
import { deviceStorage, shelf } from "./storage";

const kept = shelf(deviceStorage(), "flags", (stored) =>
  Array.isArray(stored) ? stored.filter((one): one is number => typeof one === "number") : null,
);

/** The questions of one attempt that its learner wants to come back to. They stay on this device: nobody else is told. */
export class Flags {
  private readonly positions = signal<ReadonlySet<number>>(new Set());

  constructor(private readonly attempt: string) {
    this.positions.value = new Set(kept.get(attempt) ?? []);
  }

  get all(): ReadonlySet<number> {
    return this.positions.value;
  }

  has(position: number): boolean {
    return this.positions.value.has(position);
  }

  toggle(position: number): void {
    const after = new Set(this.positions.peek());
    if (!after.delete(position)) after.add(position);
    this.positions.value = after;
    if (after.size > 0) kept.put(this.attempt, [...after]);
    else kept.remove(this.attempt);
  }

  /** The attempt is over, and nothing is left to come back to. */
  forget(): void {
    this.positions.value = new Set();
    kept.remove(this.attempt);
  }
}
