import { signal } from "@preact/signals";
import * as api from "../api/calls";
import { isTemporary } from "../api/failure";
import type { Answer } from "../api/types";
import { isRecord, type Shelf, shelf } from "./storage";

/** What to tell the learner about the text just typed. `kept` means on this device only, so far. */
export type DraftState = "untouched" | "typing" | "saving" | "saved" | "kept";

export interface Draft {
  attempt: string;
  position: number;
  answer: Answer;
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

/**
 * Keeps what a learner is typing, here at once and on the server as soon as the typing pauses.
 *
 * There is one draft at a time, the one of the item on the screen. The shelf holds it while the server does not,
 * so that a reload during an outage finds the latest text.
 */
export class DraftSaver {
  readonly state = signal<DraftState>("untouched");
  private unsaved: Draft | null = null;
  private onScreen: string | null = null;
  private cancel: () => void = () => undefined;

  constructor(private readonly tools: DraftTools) {}

  /** Begin with another item; what was typed before is sent first. */
  open(place: Place): void {
    void this.flush();
    this.onScreen = slotOf(place);
    this.state.value = "untouched";
  }

  edit(draft: Draft): void {
    this.unsaved = draft;
    this.tools.shelf.put(slotOf(draft), draft);
    this.tell(draft, "typing");
    this.schedule(QUIET);
  }

  /** Save now what is unsaved. `keepalive` for a page that is being left. */
  async flush(keepalive = false): Promise<void> {
    this.cancel();
    const draft = this.unsaved;
    if (!draft) return;
    this.unsaved = null;
    this.tell(draft, "saving");
    try {
      await this.tools.save(draft, keepalive);
      this.saved(draft);
    } catch (failure) {
      if (isTemporary(failure)) this.keep(draft);
      else this.drop(draft);
    }
  }

  /** The answer itself is on its way, or the item is closed: there is nothing left to draft. */
  drop(place: Place): void {
    this.cancel();
    this.unsaved = null;
    this.tools.shelf.remove(slotOf(place));
    this.tell(place, "untouched");
  }

  /** What this device knows better than the server, which has `saved`; or null. */
  local(place: Place, saved: Answer | null): Answer | null {
    const kept = this.tools.shelf.get(slotOf(place))?.answer ?? null;
    // A page that was left while saving could not note that it was saved.
    if (JSON.stringify(kept) === JSON.stringify(saved)) this.tools.shelf.remove(slotOf(place));
    return kept;
  }

  private saved(draft: Draft): void {
    if (this.unsaved) return;
    this.tools.shelf.remove(slotOf(draft));
    this.tell(draft, "saved");
  }

  private keep(draft: Draft): void {
    if (this.unsaved) return;
    this.unsaved = draft;
    this.tell(draft, "kept");
    this.schedule(NEXT_TRY);
  }

  /** The state on the screen is that of the item on the screen. */
  private tell(place: Place, state: DraftState): void {
    if (slotOf(place) === this.onScreen) this.state.value = state;
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
  shelf: shelf(localStorage, "draft", readDraft),
  save: ({ attempt, position, answer }, keepalive) => api.saveDraft(attempt, position, answer, keepalive),
  later: (callback, milliseconds) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
});
