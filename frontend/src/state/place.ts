import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import * as api from "../api/calls";
import type { Answer, AnswerValue, Presentation, Reply, Verdict } from "../api/types";
import { type Draft, drafts } from "./drafts";
import { outbox } from "./outbox";
import { presentationAfter } from "./replies";

/** What a place needs of the attempt that it stands in. */
export interface Surroundings {
  /** The attempt. */
  readonly id: string;
  /** Whether this tab takes entries at all. */
  readonly takesEntries: ReadonlySignal<boolean>;
  /** The answers on their way, by position. */
  readonly onTheirWay: ReadonlySignal<ReadonlyMap<number, Answer>>;
  /** Send an answer, and take in what is said about it. */
  send(position: number, answer: Answer): Promise<void>;
  /** Fetch something again that an answer has overtaken on the way. */
  fresh<Data>(fetch: () => Promise<Data>): Promise<Data>;
  /** A place was closed without an answer. */
  closed(presentation: Presentation): void;
}

/** One item of an attempt on the screen: what stands in its fields, and what was said about that. */
export class Place {
  readonly position: number;
  readonly presentation: Signal<Presentation>;
  readonly answer = signal<Answer>({});
  readonly verdict = signal<Verdict | null>(null);
  /** The answer that the verdict is about, which may not be what the fields show by now. */
  readonly judged = signal<Answer | null>(null);
  /** What stopped the last thing that the learner wanted here. */
  readonly failure = signal<unknown>(null);

  readonly sending = computed(() => this.around.onTheirWay.value.has(this.position));
  /** Whether it takes another answer: where verdicts come later, one that was given may be changed. */
  readonly takesAnswer = computed(
    () => this.around.takesEntries.value && this.presentation.value.tries_left !== 0 && !this.sending.value,
  );
  /** What to tell of the text in the fields. */
  readonly draftState = computed(() => drafts.stateAt(this.address));

  /** Whether what the fields show is to be sent, and not what was answered before. */
  private showsDraft = false;

  constructor(
    private readonly around: Surroundings,
    presentation: Presentation,
  ) {
    this.position = presentation.position;
    this.presentation = signal(presentation);
    this.fill();
  }

  change(interaction: string, value: AnswerValue): void {
    if (!this.takesAnswer.value) return;
    this.answer.value = { ...this.answer.value, [interaction]: value };
    // An answer that was held back while nobody was signed in is replaced by what is typed now.
    outbox.withdraw(this.address);
    this.keep();
  }

  /** Send the answer and take in the verdict. */
  async respond(answer: Answer): Promise<void> {
    if (!this.takesAnswer.value) return;
    this.showsDraft = false;
    drafts.drop(this.address);
    await this.around.send(this.position, answer);
  }

  async takeHint(): Promise<void> {
    const { hints } = this.presentation.value;
    const taken = await api.takeHint(this.around.id, this.position, hints.length + 1);
    this.presentation.value = { ...this.presentation.value, ...taken };
  }

  /** See the solution, which closes the place. What is typed and was not sent stays there to be read. */
  async showSolution(): Promise<void> {
    await drafts.flush();
    const shown = await api.showSolution(this.around.id, this.position);
    drafts.drop(this.address);
    batch(() => {
      this.presentation.value = shown;
      this.failure.value = null;
      // By now it can say more, such as how a number differs.
      if (shown.last) this.tell(shown.last);
      this.around.closed(shown);
    });
  }

  /** What is graded at the end is what is on the screen, whatever another device has saved meanwhile. */
  keepUnsent(): void {
    if (this.showsDraft && this.takesAnswer.value) this.keep();
  }

  /** An answer was sent from elsewhere since the fields were filled: what they show stays, and is no draft. */
  async catchUp(): Promise<void> {
    this.showsDraft = false;
    this.presentation.value = await this.around.fresh(() => api.presentation(this.around.id, this.position));
  }

  /** Take in the reply to an answer. `isRead`: somebody is to read the verdict before the attempt goes on. */
  hear(reply: Reply, answer: Answer | null, isRead: boolean): void {
    this.presentation.value = presentationAfter(this.presentation.value, reply);
    if (isRead) this.tell({ verdict: reply, answer });
  }

  /** An answer was not taken: show what stands there now, as far as it could be fetched, and what was said last. */
  stay(presentation: Presentation | null): void {
    if (presentation) this.presentation.value = presentation;
    this.verdict.value = outbox.arrivalAt(this.address)?.verdict ?? null;
  }

  /** The text as a draft of this place. */
  draftOf(answer: Answer): Draft {
    return { ...this.address, answer, after: this.presentation.value.answers };
  }

  private get address() {
    return { attempt: this.around.id, position: this.position };
  }

  /** Fill the fields with what is typed there, here or elsewhere, else with what was answered. */
  private fill(): void {
    const { draft, tries_left, answers, last } = this.presentation.value;
    drafts.open(this.address);
    if (tries_left === 0) drafts.drop(this.address);
    const before = outbox.arrivalAt(this.address);
    const sent = this.around.onTheirWay.value.get(this.position);
    const local = drafts.local(this.address, draft, answers);
    // What came of a closed place says more than what was typed last and never sent.
    const typed = sent ?? local ?? (tries_left === 0 && last ? null : draft);
    this.showsDraft = sent === undefined && typed !== null;
    if (sent === undefined && this.around.takesEntries.value) drafts.takeUp(this.address);
    const said = before ?? (typed === null ? last : null);
    batch(() => {
      this.tell(said);
      this.answer.value = typed ?? said?.answer ?? {};
    });
  }

  /** Show what was said about an answer; a solution that was asked for stands apart. */
  private tell(said: { verdict: Verdict | null; answer: Answer | null } | null): void {
    const isApart = this.presentation.value.revealed !== null;
    const verdict = said?.verdict ?? null;
    this.verdict.value = verdict && isApart ? { ...verdict, solution: null, right: null } : verdict;
    this.judged.value = said?.answer ?? null;
  }

  /** Keep what the fields show as the draft of this place. */
  private keep(): void {
    this.showsDraft = true;
    drafts.edit(this.draftOf(this.answer.value));
  }
}
