import { type ReadonlySignal, signal } from "@preact/signals";
import type { Excerpt, LessonSummary } from "../api/types";

/** The server is asked after this number of milliseconds without a key. */
export const QUIET = 250;
/** One letter stands in every lesson. */
const SHORTEST = 2;

export interface Found {
  /** What was asked for; the empty text before the first search. */
  words: string;
  /** The lessons that have the words in their text, and the place that shows it. */
  excerpts: ReadonlyMap<string, Excerpt | null>;
  /** The text could not be searched. */
  hasFailed: boolean;
}

const NOTHING: Found = { words: "", excerpts: new Map(), hasFailed: false };

/** A search while one types: what was found last stays until the next answer is there, and a late answer is dropped. */
export class TextSearch {
  readonly words = signal("");
  private readonly last = signal(NOTHING);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** It begins with the words `from`, before anything shows a field that somebody could type into. */
  constructor(
    private readonly find: (words: string) => Promise<LessonSummary[]>,
    from = "",
  ) {
    this.type(from);
  }

  get found(): ReadonlySignal<Found> {
    return this.last;
  }

  /** Whether what was found is the answer to what stands in the field. */
  get isSettled(): boolean {
    return this.last.value.words === this.words.value.trim();
  }

  type(text: string): void {
    this.words.value = text;
    clearTimeout(this.timer);
    const words = text.trim();
    if (words.length < SHORTEST) this.last.value = { ...NOTHING, words };
    else this.timer = setTimeout(() => void this.ask(words), QUIET);
  }

  /** Give up what was not asked yet. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private async ask(words: string): Promise<void> {
    const found = await this.find(words).then(
      (lessons) => ({
        words,
        excerpts: new Map(lessons.map(({ slug, excerpt }) => [slug, excerpt ?? null])),
        hasFailed: false,
      }),
      () => ({ ...NOTHING, words, hasFailed: true }),
    );
    if (this.words.value.trim() === words) this.last.value = found;
  }
}
