import { computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import { ApiFailure, isTemporary } from "../api/failure";
import type { Answer, ResponseVerdict } from "../api/types";
import { onReconnect } from "./network";
import { isRecord, type Shelf, shelf } from "./storage";
import { uuid4 } from "./uuid";

/** An answer on its way: kept until the server acknowledged it or refused it for good. */
export interface Parcel {
  learner: string;
  attempt: string;
  position: number;
  answer: Answer;
  key: string;
}

/** Where an answer belongs, and whose it is. */
export type Address = Pick<Parcel, "learner" | "attempt" | "position">;

export interface Delivery {
  position: number;
  answer: Answer;
  verdict: Promise<ResponseVerdict>;
}

export interface OutboxTools {
  shelf: Shelf<Parcel>;
  send: (parcel: Parcel) => Promise<ResponseVerdict>;
  newKey: () => string;
  /** Resolve after the wait, or sooner when there is reason to try again. */
  wait: (milliseconds: number) => Promise<void>;
}

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** How long to wait after `tries` failures: doubling up to half a minute, or what the server asked for. */
export function pauseAfter(tries: number, failure: unknown): number {
  const asked = failure instanceof ApiFailure ? failure.retryAfterSeconds : null;
  return asked === null ? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1)) : asked * 1000;
}

/** A learner who was signed out meanwhile has not withdrawn the answer: it waits for the next sign-in. */
const isSignedOut = (failure: unknown): boolean =>
  failure instanceof ApiFailure && (failure.status === 401 || failure.status === 403);

/**
 * Sends answers so that none is lost and none counts twice.
 *
 * A parcel is on the shelf before it is sent and stays there until it is settled, always under the key it began with.
 * So a reply that got lost is asked for again, and the server, knowing the key, repeats it.
 */
export class Outbox {
  /** One delivery for each place of an attempt, so that a double click and a reload join the one under way. */
  private readonly underWay = signal<ReadonlyMap<string, Promise<ResponseVerdict>>>(new Map());

  /** How many answers are on their way now. */
  readonly pending = computed(() => this.underWay.value.size);

  constructor(private readonly tools: OutboxTools) {}

  /** Send an answer. Resolves with the verdict; rejects with the server's refusal. */
  post(address: Address, answer: Answer): Promise<ResponseVerdict> {
    const slot = slotOf(address);
    const joined = this.underWay.value.get(slot);
    if (joined) return joined;
    const parcel = this.heldBack(slot, answer) ?? { ...address, answer, key: this.tools.newKey() };
    this.tools.shelf.put(slot, parcel);
    return this.dispatch(slot, parcel);
  }

  /** The deliveries under way for an attempt. */
  underWayIn(attempt: string): Delivery[] {
    return [...this.underWay.value].flatMap(([slot, verdict]) => {
      const parcel = this.tools.shelf.get(slot);
      return parcel?.attempt === attempt
        ? [{ position: parcel.position, answer: parcel.answer, verdict }]
        : [];
    });
  }

  /** Take up what an earlier page of this learner left unsettled. */
  resume(learner: string): void {
    for (const [slot, parcel] of this.tools.shelf.entries()) {
      if (parcel.learner !== learner || this.underWay.value.has(slot)) continue;
      // Whoever opens the item hears of a refusal; here nobody is listening yet.
      this.dispatch(slot, parcel).catch(() => undefined);
    }
  }

  /** A parcel that was held back keeps its key as long as the answer is the same. */
  private heldBack(slot: string, answer: Answer): Parcel | null {
    const parcel = this.tools.shelf.get(slot);
    return parcel && JSON.stringify(parcel.answer) === JSON.stringify(answer) ? parcel : null;
  }

  private dispatch(slot: string, parcel: Parcel): Promise<ResponseVerdict> {
    const delivery = this.deliver(slot, parcel).finally(() => this.forget(slot));
    this.underWay.value = new Map(this.underWay.value).set(slot, delivery);
    return delivery;
  }

  private async deliver(slot: string, parcel: Parcel): Promise<ResponseVerdict> {
    for (let tries = 1; ; tries += 1) {
      try {
        const verdict = await this.tools.send(parcel);
        this.tools.shelf.remove(slot);
        return verdict;
      } catch (failure) {
        if (!isTemporary(failure)) {
          if (!isSignedOut(failure)) this.tools.shelf.remove(slot);
          throw failure;
        }
        await this.tools.wait(pauseAfter(tries, failure));
      }
    }
  }

  private forget(slot: string): void {
    const rest = new Map(this.underWay.value);
    rest.delete(slot);
    this.underWay.value = rest;
  }
}

const slotOf = ({ attempt, position }: Address): string => `${attempt}/${position}`;

function readParcel(stored: unknown): Parcel | null {
  const fields = ["learner", "attempt", "position", "answer", "key"];
  return isRecord(stored) && fields.every((field) => field in stored) ? (stored as unknown as Parcel) : null;
}

function waitOrReconnect(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      cancel();
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    const cancel = onReconnect(wake);
  });
}

export const outbox = new Outbox({
  shelf: shelf(localStorage, "outbox", readParcel),
  send: ({ attempt, position, answer, key }) => api.respond(attempt, position, answer, key),
  newKey: uuid4,
  wait: waitOrReconnect,
});
