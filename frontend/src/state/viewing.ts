/**
 * For how long each item of an attempt was in view.
 *
 * `now` is a clock that stands still while nobody can see the page, so that a pause is not taken for thinking.
 */
export class Viewing {
  /** Milliseconds in view that no answer has taken yet, by position. */
  private readonly gathered = new Map<number, number>();
  private position: number | null = null;
  private since = 0;

  constructor(private readonly now: () => number) {}

  /** From now on this item is in view, or none. */
  look(position: number | null): void {
    this.gather();
    this.position = position;
  }

  /** Return for how many seconds the item was in view since it was first shown, or since this was asked before. */
  take(position: number): number {
    this.gather();
    const milliseconds = this.gathered.get(position) ?? 0;
    this.gathered.delete(position);
    return Math.round(milliseconds / 100) / 10;
  }

  private gather(): void {
    const { position } = this;
    const now = this.now();
    if (position !== null) this.gathered.set(position, (this.gathered.get(position) ?? 0) + now - this.since);
    this.since = now;
  }
}

/** A clock that is stopped and started again. */
export class StoppableClock {
  private passed = 0;
  private started: number | null;

  constructor(
    private readonly elapsed: () => number,
    isRunning: boolean,
  ) {
    this.started = isRunning ? elapsed() : null;
  }

  run(isRunning: boolean): void {
    this.passed = this.now();
    this.started = isRunning ? this.elapsed() : null;
  }

  now(): number {
    return this.started === null ? this.passed : this.passed + this.elapsed() - this.started;
  }
}

const visible = new StoppableClock(() => performance.now(), !document.hidden);
document.addEventListener("visibilitychange", () => visible.run(!document.hidden));

/** Milliseconds for which this page could be seen so far. */
export const visibleTime = (): number => visible.now();
