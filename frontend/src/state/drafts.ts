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
  private cancel: () => void = () => undefined;

  constructor(private readonly tools: DraftTools) {}

  /** Begin with another item; what was typed before is sent first. */
  open(): void {
    void this.flush();
    this.state.value = "untouched";
  }

  edit(draft: Draft): void {
    this.unsaved = draft;
    this.tools.shelf.put(slotOf(draft), draft);
    this.state.value = "typing";
    this.schedule(QUIET);
  }

  /** Save now what is unsaved. `keepalive` for a page that is being left. */
  async flush(keepalive = false): Promise<void> {
    this.cancel();
    const draft = this.unsaved;
    if (!draft) return;
    this.unsaved = null;
    this.state.value = "saving";
    try {
      await this.tools.save(draft, keepalive);
      this.saved(draft);
    } catch (failure) {
      if (isTemporary(failure)) this.keep(draft);
      else this.drop(draft);
    }
  }

  /** The answer itself is on its way, or the item is closed: there is nothing left to draft. */
  drop(draft: Pick<Draft, "attempt" | "position">): void {
    this.cancel();
    this.unsaved = null;
    this.tools.shelf.remove(slotOf(draft));
    this.state.value = "untouched";
  }

  /** What this device knows better than the server, or null. */
  local(attempt: string, position: number): Answer | null {
    return this.tools.shelf.get(slotOf({ attempt, position }))?.answer ?? null;
  }

  private saved(draft: Draft): void {
    if (this.unsaved) return;
    this.tools.shelf.remove(slotOf(draft));
    this.state.value = "saved";
  }

  private keep(draft: Draft): void {
    if (this.unsaved) return;
    this.unsaved = draft;
    this.state.value = "kept";
    this.schedule(NEXT_TRY);
  }

  private schedule(milliseconds: number): void {
    this.cancel();
    this.cancel = this.tools.later(() => void this.flush(), milliseconds);
  }
}

const slotOf = ({ attempt, position }: Pick<Draft, "attempt" | "position">): string =>
  `${attempt}/${position}`;

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
