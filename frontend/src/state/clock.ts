/**
 * The server's time, as seen from here.
 *
 * A `Date` header is cut to whole seconds and arrives late, so one reply only bounds the difference between the
 * two clocks: the server wrote it after we sent and before we received. Several replies bound it from both sides.
 */
export class ServerClock {
  private low = Number.NEGATIVE_INFINITY;
  private high = Number.POSITIVE_INFINITY;

  constructor(private readonly localNow: () => number = Date.now) {}

  /** Learn from one reply. `sent` and `received` are local times in milliseconds. */
  observe(dateHeader: string | null, sent: number, received: number): void {
    const stamped = dateHeader ? Date.parse(dateHeader) : Number.NaN;
    if (Number.isNaN(stamped)) return;
    const low = stamped - received;
    const high = stamped + 1000 - sent;
    const agrees = low <= this.high && high >= this.low;
    // A disagreement means that one of the clocks was set; what was known before is worth nothing.
    this.low = agrees ? Math.max(this.low, low) : low;
    this.high = agrees ? Math.min(this.high, high) : high;
  }

  /** The server's time now, in milliseconds since the epoch; the local time until a reply was seen. */
  now(): number {
    const offset = Number.isFinite(this.low) ? (this.low + this.high) / 2 : 0;
    return this.localNow() + offset;
  }
}

export const serverClock = new ServerClock();
