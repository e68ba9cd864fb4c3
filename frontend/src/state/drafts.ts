import { signal } from "@preact/signals";
import * as api from "../api/calls";
import {
  ConnectionLost,
  isOutdated,
  isSignedOut,
  isTemporary,
  refusesPlace,
  saysEnded,
} from "../api/failure";
import type { Answer } from "../api/types";
import { isSame } from "./same";
import { deviceStorage, isRecord, type Shelf, shelf } from "./storage";

/**
 * What to tell the learner about the text just typed. `kept` means on this device only, so far; `refused` that the
 * server takes nothing more at this place; `outdated` that an answer was sent from elsewhere since it was typed.
 */
export type DraftState = "untouched" | "typing" | "saving" | "saved" | "kept" | "refused" | "outdated";

export interface Draft {
  attempt: string;
  position: number;
  answer: Answer;
  /** How many answers the place had when this was typed; older pages did not say it. */
  after?: number;
}

type Place = Pick<Draft, "attempt" | "position">;

export interface DraftTools {
  shelf: Shelf<Draft>;
  save: (draft: Draft, keepalive: boolean) => Promise<unknown>;
  /** Call back once after the delay; the result cancels. */
  later: (callback: () => void, milliseconds: number) => () => void;
}

const QUIET = 600;
const NEXT_TRY = 5000;
/** Somebody has to sign in first; they may do it in another tab. */
const NEXT_TRY_SIGNED_OUT = 20_000;

/**
 * Keeps what a learner is typing, here at once and on the server as soon as the typing pauses.
 *
 * The shelf holds a draft until the server has it, so that a reload during an outage finds the latest text. Only the
 * server's refusal of the place itself ends that: no other failure says anything about the text.
 */
export class DraftSaver {
  /** What is told of each place that was shown; of any other there is nothing to tell. */
  private readonly states = signal<ReadonlyMap<string, DraftState>>(new Map());
  /** What was typed on this page and is not on the server, by place. */
  private readonly unsaved = new Map<string, Draft>();
  /** The savings that are under way, by place: a later one waits, so that none is overtaken. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, unknown>();
  private cancel: () => void = () => undefined;

  constructor(private readonly tools: DraftTools) {}

  /** What to tell of the text at a place. */
  stateAt(place: Place): DraftState {
    return this.states.value.get(slotOf(place)) ?? "untouched";
  }

  /** Begin with another item; what was typed before is sent first. What was saved here before still is. */
  open(place: Place): void {
    void this.flush();
    const isPast = ["refused", "outdated"].includes(this.stateAt(place));
    if (isPast) this.tell(place, "untouched");
  }

  edit(draft: Draft): void {
    this.unsaved.set(slotOf(draft), draft);
    this.tools.shelf.put(slotOf(draft), draft);
    this.tell(draft, "typing");
    this.schedule(QUIET);
  }

  /** Save now what is unsaved, and wait for what is under way. `keepalive` for a page that is being left. */
  async flush(keepalive = false): Promise<void> {
    this.cancel();
    const savings = [...this.unsaved.values()].map((draft) => this.save(draft, keepalive));
    await Promise.all([...savings, ...this.underWay.values()]);
  }

  /** Bring everything that was typed in an attempt to the server. Throws what kept the server from taking it. */
  async deliver(attempt: string): Promise<void> {
    for (const draft of this.leftIn(attempt)) this.takeUp(draft);
    await this.flush();
    const left = [...this.unsaved].find(([, draft]) => draft.attempt === attempt);
    if (left) throw this.failures.get(left[0]) ?? new ConnectionLost();
  }

  /** Wait until no draft of this place is under way, so that what is sent next comes behind it. */
  async settled(place: Place): Promise<void> {
    await this.underWay.get(slotOf(place));
  }

  /** The answer itself is on its way, or the item is closed: there is nothing left to draft. */
  drop(place: Place): void {
    this.unsaved.delete(slotOf(place));
    if (this.unsaved.size === 0) this.cancel();
    this.tools.shelf.remove(slotOf(place));
    this.tell(place, "untouched");
  }

  /** Leave to another tab, or to another time, what was not saved: it stays on the shelf. */
  release(): void {
    this.cancel();
    this.unsaved.clear();
  }

  /** What this device knows better than the server, which has `saved` and so many answers; or null. */
  local(place: Place, saved: Answer | null, answers: number): Answer | null {
    const kept = this.tools.shelf.get(slotOf(place));
    if (!kept) return null;
    const isOlder = kept.after !== undefined && kept.after < answers;
    // A page that was left while saving could not note that it was saved.
    if (isOlder || isSame(kept.answer, saved)) this.drop(place);
    return isOlder ? null : kept.answer;
  }

  /** Go on sending what an earlier page left on the shelf. */
  takeUp(place: Place): void {
    const slot = slotOf(place);
    const kept = this.tools.shelf.get(slot);
    if (!kept || this.unsaved.has(slot) || this.underWay.has(slot)) return;
    this.unsaved.set(slot, kept);
    this.tell(place, "kept");
    this.schedule(0);
  }

  /** What was typed in an attempt and has not reached the server. */
  leftIn(attempt: string): Draft[] {
    return this.tools.shelf.entries().flatMap(([, draft]) => (draft.attempt === attempt ? [draft] : []));
  }

  private save(draft: Draft, keepalive: boolean): Promise<void> {
    const slot = slotOf(draft);
    const earlier = keepalive ? undefined : this.underWay.get(slot);
    const saving = earlier ? earlier.then(() => this.sendLatest(slot)) : this.send(draft, keepalive);
    this.underWay.set(slot, saving);
    return saving.finally(() => {
      if (this.underWay.get(slot) === saving) this.underWay.delete(slot);
    });
  }

  private async sendLatest(slot: string): Promise<void> {
    const latest = this.unsaved.get(slot);
    if (latest) await this.send(latest, false);
  }

  private async send(draft: Draft, keepalive: boolean): Promise<void> {
    this.tell(draft, "saving");
    try {
      await this.tools.save(draft, keepalive);
      this.finish(draft, "saved");
    } catch (failure) {
      if (isOutdated(failure)) this.finish(draft, "outdated");
      else if (refusesPlace(failure)) this.finish(draft, "refused", { isLeft: saysEnded(failure) });
      else this.keep(draft, failure);
    }
  }

  /** The server has spoken about this text. `isLeft`: it came too late, and the result shows it to the learner. */
  private finish(draft: Draft, state: DraftState, { isLeft = false } = {}): void {
    const slot = slotOf(draft);
    if (this.unsaved.get(slot) !== draft) return;
    this.unsaved.delete(slot);
    if (!isLeft) this.tools.shelf.remove(slot);
    this.tell(draft, state);
  }

  private keep(draft: Draft, failure: unknown): void {
    const slot = slotOf(draft);
    if (this.unsaved.get(slot) !== draft) return;
    this.failures.set(slot, failure);
    this.tell(draft, "kept");
    if (isSignedOut(failure)) this.schedule(NEXT_TRY_SIGNED_OUT);
    else if (isTemporary(failure)) this.schedule(NEXT_TRY);
  }

  private tell(place: Place, state: DraftState): void {
    if (this.states.peek().get(slotOf(place)) === state) return;
    this.states.value = new Map(this.states.peek()).set(slotOf(place), state);
  }

  private schedule(milliseconds: number): void {
    this.cancel();
    this.cancel = this.tools.later(() => void this.flush(), milliseconds);
  }
}

const slotOf = ({ attempt, position }: Place): string => `${attempt}/${position}`;

const readDraft = (stored: unknown): Draft | null =>
  isRecord(stored) && isRecord(stored.answer) ? (stored as unknown as Draft) : null;

export const drafts = new DraftSaver({
  shelf: shelf(deviceStorage(), "draft", readDraft),
  save: ({ attempt, position, ...draft }, keepalive) => api.saveDraft(attempt, position, draft, keepalive),
  later: (callback, milliseconds) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
});
