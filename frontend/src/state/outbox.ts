import { computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import { ApiFailure, isSignedOut, isTemporary, saysEnded, Undelivered } from "../api/failure";
import type { Answer, Reply } from "../api/types";
import { drafts } from "./drafts";
import { onReconnect } from "./network";
import { within } from "./patience";
import { deviceStorage, isRecord, type Shelf, shelf } from "./storage";
import { uuid4 } from "./uuid";

/** An answer on its way: kept until the server acknowledged it or refused it for good. */
export interface Parcel {
  learner: string;
  attempt: string;
  position: number;
  answer: Answer;
  /** For how long the item was in view. */
  seconds?: number;
  key: string;
  /** It came after the end of the attempt: kept for the learner to see, and sent no more. */
  tooLate?: true;
}

/** Where an answer belongs, and whose it is. */
export type Address = Pick<Parcel, "learner" | "attempt" | "position">;

type Place = Pick<Address, "attempt" | "position">;

export interface Delivery {
  position: number;
  answer: Answer;
  verdict: Promise<Reply>;
}

/** An answer that was taken, with what was said about it. */
export interface Arrival {
  answer: Answer;
  verdict: Reply;
}

export interface OutboxTools {
  shelf: Shelf<Parcel>;
  send: (parcel: Parcel) => Promise<Reply>;
  newKey: () => string;
  /** Resolve after the wait, or sooner when there is reason to try again. */
  wait: (milliseconds: number) => Promise<void>;
  /** End all waits now. */
  hurry: () => void;
}

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** How long to wait after `tries` failures: doubling up to half a minute, or what the server asked for. */
export function pauseAfter(tries: number, failure: unknown): number {
  const asked = failure instanceof ApiFailure ? failure.retryAfterSeconds : null;
  return asked === null ? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1)) : asked * 1000;
}

/**
 * Sends answers so that none is lost and none counts twice.
 *
 * A parcel is on the shelf before it is sent and stays there until it is settled, always under the key it began with.
 * So a reply that got lost is asked for again, and the server, knowing the key, repeats it.
 */
export class Outbox {
  /** One delivery for each place of an attempt, so that a double click and a reload join the one under way. */
  private readonly underWay = signal<ReadonlyMap<string, Promise<Reply>>>(new Map());

  /** How many answers are on their way now. */
  readonly pending = computed(() => this.underWay.value.size);

  /** What stopped the last try of those that are being tried again, by place. */
  private readonly troubles = signal<ReadonlyMap<string, unknown>>(new Map());

  /** The answers that arrived during this page's life, by place. */
  private readonly arrivals = new Map<string, Arrival>();

  constructor(private readonly tools: OutboxTools) {}

  /** Send an answer. Resolves with the verdict; rejects with the server's refusal. */
  post(address: Address, answer: Answer, seconds?: number): Promise<Reply> {
    const slot = slotOf(address);
    const joined = this.underWay.value.get(slot);
    if (joined) return joined;
    const parcel = this.heldBack(slot, answer) ?? {
      ...address,
      answer,
      ...(seconds !== undefined && { seconds }),
      key: this.tools.newKey(),
    };
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

  /** The last answer from a place that arrived while this page lived, whoever was listening; or null. */
  arrivalAt(place: Place): Arrival | null {
    return this.arrivals.get(slotOf(place)) ?? null;
  }

  /** Why an answer is not there yet although it was sent, or null. */
  troubleAt(place: Place): unknown {
    return this.troubles.value.get(slotOf(place)) ?? null;
  }

  /** The answers to an attempt that came after its end. */
  tooLateIn(attempt: string): Parcel[] {
    return this.tools.shelf
      .entries()
      .flatMap(([, parcel]) => (parcel.attempt === attempt && parcel.tooLate ? [parcel] : []));
  }

  /** Bring every answer to an attempt to the server within the time, or throw what keeps it from there. */
  async deliver(learner: string, attempt: string, milliseconds: number): Promise<void> {
    this.resume(learner);
    this.tools.hurry();
    const late = () => new Undelivered(this.underWayIn(attempt).map(({ position }) => position));
    await within(milliseconds, Promise.all(this.underWayIn(attempt).map(({ verdict }) => verdict)), late);
  }

  /** Forget an answer that is not on its way: it was held back and is being changed, or was seen to be too late. */
  withdraw(place: Place): void {
    if (!this.underWay.value.has(slotOf(place))) this.tools.shelf.remove(slotOf(place));
  }

  /** Take up what an earlier page of this learner left unsettled. */
  resume(learner: string): void {
    for (const [slot, parcel] of this.tools.shelf.entries()) {
      if (parcel.learner !== learner || parcel.tooLate || this.underWay.value.has(slot)) continue;
      // Whoever opens the item hears of a refusal; here nobody is listening yet.
      this.dispatch(slot, parcel).catch(() => undefined);
    }
  }

  /** A parcel that was held back keeps its key as long as the answer is the same. */
  private heldBack(slot: string, answer: Answer): Parcel | null {
    const parcel = this.tools.shelf.get(slot);
    return parcel && !parcel.tooLate && JSON.stringify(parcel.answer) === JSON.stringify(answer)
      ? parcel
      : null;
  }

  private dispatch(slot: string, parcel: Parcel): Promise<Reply> {
    const delivery = this.carry(slot, parcel).finally(() => this.forget(slot));
    this.underWay.value = new Map(this.underWay.value).set(slot, delivery);
    return delivery;
  }

  private async carry(slot: string, parcel: Parcel): Promise<Reply> {
    for (let tries = 1; ; tries += 1) {
      try {
        const verdict = await this.tools.send(parcel);
        this.tools.shelf.remove(slot);
        this.arrivals.set(slot, { answer: parcel.answer, verdict });
        return verdict;
      } catch (failure) {
        if (!isTemporary(failure)) {
          this.settle(slot, parcel, failure);
          throw failure;
        }
        this.troubles.value = new Map(this.troubles.value).set(slot, failure);
        await this.tools.wait(pauseAfter(tries, failure));
      }
    }
  }

  /** A learner who was signed out has not withdrawn the answer: it waits for the next sign-in. */
  private settle(slot: string, parcel: Parcel, failure: unknown): void {
    if (saysEnded(failure)) this.tools.shelf.put(slot, { ...parcel, tooLate: true });
    else if (!isSignedOut(failure)) this.tools.shelf.remove(slot);
  }

  private forget(slot: string): void {
    this.underWay.value = without(this.underWay.value, slot);
    this.troubles.value = without(this.troubles.value, slot);
  }
}

function without<Value>(map: ReadonlyMap<string, Value>, slot: string): ReadonlyMap<string, Value> {
  return new Map([...map].filter(([one]) => one !== slot));
}

const slotOf = ({ attempt, position }: Place): string => `${attempt}/${position}`;

function readParcel(stored: unknown): Parcel | null {
  const fields = ["learner", "attempt", "position", "answer", "key"];
  return isRecord(stored) && fields.every((field) => field in stored) ? (stored as unknown as Parcel) : null;
}

const sleepers = new Set<() => void>();

/** Resolve after the wait, or as soon as the connection returns. */
export function waitOrReconnect(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      cancel();
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    const cancel = onReconnect(wake);
    sleepers.add(wake);
  });
}

export const outbox = new Outbox({
  shelf: shelf(deviceStorage(), "outbox", readParcel),
  send: async ({ attempt, position, answer, seconds, key }) => {
    // A draft that came behind the answer would be graded once more at the end.
    await drafts.settled({ attempt, position });
    return api.respond(attempt, position, { answer, ...(seconds !== undefined && { seconds }) }, key);
  },
  newKey: uuid4,
  wait: waitOrReconnect,
  hurry: () => {
    for (const wake of [...sleepers]) wake();
  },
});
