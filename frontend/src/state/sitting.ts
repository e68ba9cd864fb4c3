import { batch, computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import type {
  Answer,
  AnswerValue,
  Assessment,
  Attempt,
  AttemptPresentation,
  Presentation,
  ResponseVerdict,
} from "../api/types";
import { drafts } from "./drafts";
import { type Address, outbox } from "./outbox";
import { me } from "./session";

/** One attempt on the screen: which item is open, what is typed, what was said about it. */
export class Sitting {
  readonly attempt = signal<Attempt | null>(null);
  readonly assessment = signal<Assessment | null>(null);
  readonly presentation = signal<Presentation | null>(null);
  readonly answer = signal<Answer>({});
  readonly verdict = signal<ResponseVerdict | null>(null);
  readonly sending = signal(false);
  /** What stopped the last thing that the learner wanted. */
  readonly failure = signal<unknown>(null);

  readonly isOpen = computed(() => this.attempt.value?.state === "open");
  readonly entries = computed<AttemptPresentation[]>(() => this.attempt.value?.presentations ?? []);
  readonly unanswered = computed(() => this.entries.value.filter((entry) => entry.state === "open"));
  /** Whether the open item takes another answer: where verdicts come later, one that was given may be changed. */
  readonly takesAnswer = computed(
    () => this.isOpen.value && this.presentation.value?.tries_left !== 0 && !this.sending.value,
  );

  /** Whether the learner has gone from one item to another since this page was opened. */
  moved = false;

  /** The verdicts of this page's life, so that going back shows them again. */
  private readonly seen = new Map<number, { verdict: ResponseVerdict; answer: Answer }>();

  constructor(readonly id: string) {}

  /** Fetch the attempt and open an item of it: the one at `position`, else the first that waits for an answer. */
  async begin(position: number | null): Promise<void> {
    const attempt = await api.attempt(this.id);
    this.attempt.value = attempt;
    this.assessment.value = await api.assessment(attempt.assessment);
    if (attempt.state !== "open") return;
    const isThere = attempt.presentations.some((entry) => entry.position === position);
    if (position !== null && isThere) await this.open(position);
    else await this.openNext();
  }

  async open(position: number): Promise<void> {
    this.show(await api.presentation(this.id, position));
  }

  /** Open the next item that waits; false when none is left. */
  async openNext(): Promise<boolean> {
    const next = await api.nextPresentation(this.id);
    if (next) this.show(next);
    if (next && !this.entries.value.some((entry) => entry.position === next.position)) await this.refresh();
    return next !== null;
  }

  /** Open the item after this one, or from the last one the first that waits. */
  async goOn(): Promise<void> {
    const here = this.presentation.value?.position ?? 0;
    const after = this.entries.value.find((entry) => entry.position > here);
    if (after) await this.open(after.position);
    else if (!(await this.openNext())) this.presentation.value = null;
  }

  change(interaction: string, value: AnswerValue): void {
    const { presentation } = this;
    if (!presentation.value || !this.takesAnswer.value) return;
    this.answer.value = { ...this.answer.value, [interaction]: value };
    drafts.edit({ attempt: this.id, position: presentation.value.position, answer: this.answer.value });
  }

  /** Send the answer to the open item and take in the verdict. */
  async respond(answer: Answer): Promise<void> {
    const { value: presentation } = this.presentation;
    if (!presentation || !this.takesAnswer.value) return;
    drafts.drop({ attempt: this.id, position: presentation.position });
    await this.follow(
      presentation.position,
      answer,
      outbox.post(this.address(presentation.position), answer),
    );
  }

  async submit(): Promise<void> {
    await drafts.flush();
    this.attempt.value = await api.submitAttempt(this.id);
  }

  /** The deadline has passed: the server ends the attempt, with what was saved. */
  async close(): Promise<void> {
    await drafts.flush();
    await this.refresh();
  }

  readonly failed = (failure: unknown): void => {
    this.failure.value = failure;
  };

  async refresh(): Promise<void> {
    this.attempt.value = await api.attempt(this.id);
  }

  private show(presentation: Presentation): void {
    const { position } = presentation;
    this.moved = this.presentation.value !== null;
    drafts.open();
    const before = this.seen.get(position);
    const onItsWay = outbox.underWayFor(this.address(position));
    batch(() => {
      this.presentation.value = presentation;
      this.verdict.value = before?.verdict ?? null;
      this.answer.value =
        onItsWay?.answer ?? drafts.local(this.id, position) ?? presentation.draft ?? before?.answer ?? {};
      this.failure.value = null;
      this.sending.value = false;
    });
    if (onItsWay) void this.follow(position, onItsWay.answer, onItsWay.delivery);
  }

  private async follow(position: number, answer: Answer, delivery: Promise<ResponseVerdict>): Promise<void> {
    const isShown = () => this.presentation.value?.position === position;
    batch(() => {
      this.sending.value = true;
      this.failure.value = null;
    });
    try {
      const verdict = await delivery;
      this.seen.set(position, { verdict, answer });
      if (isShown()) this.verdict.value = verdict;
      await this.refresh();
      if (isShown()) this.presentation.value = await api.presentation(this.id, position);
    } catch (failure) {
      if (isShown()) this.failure.value = failure;
    } finally {
      if (isShown()) this.sending.value = false;
    }
  }

  private address(position: number): Address {
    return { learner: me.value?.id ?? "", attempt: this.id, position };
  }
}
