import { computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import type { Answer, AnswerValue, Variant, Verdict } from "../api/types";
import { loadMe, me } from "./session";

/** Free practice of one exercise: a variant, checked as often as wanted, then another. */
export class Practice {
  readonly variant = signal<Variant | null>(null);
  readonly answer = signal<Answer>({});
  readonly verdict = signal<Verdict | null>(null);
  readonly busy = signal(false);
  readonly failure = signal<unknown>(null);
  /** Variants that were right at the first readable answer, in a row. */
  readonly streak = signal(0);
  readonly drawn = signal(0);

  /** Once the solution was seen, there is nothing left to find out in this variant. */
  readonly isOver = computed(() => this.verdict.value?.solution != null);

  private isFirstAnswer = true;

  constructor(readonly slug: string) {}

  async draw(): Promise<void> {
    const variant = await api.drawVariant(this.slug);
    if (!me.value?.id) await loadMe();
    this.variant.value = variant;
    this.answer.value = {};
    this.verdict.value = null;
    this.failure.value = null;
    this.isFirstAnswer = true;
    this.drawn.value += 1;
  }

  change(interaction: string, value: AnswerValue): void {
    this.answer.value = { ...this.answer.value, [interaction]: value };
  }

  async takeHint(): Promise<void> {
    const { value: variant } = this.variant;
    if (!variant) return;
    const taken = await api.takeVariantHint(this.slug, variant.token, variant.hints.length + 1);
    if (this.variant.value?.token === variant.token) this.variant.value = { ...variant, ...taken };
  }

  readonly failed = (failure: unknown): void => {
    this.failure.value = failure;
  };

  async check(answer: Answer): Promise<void> {
    const { value: variant } = this.variant;
    if (!variant || this.busy.value || this.isOver.value) return;
    this.busy.value = true;
    this.failure.value = null;
    try {
      const verdict = await api.checkVariant(this.slug, variant.token, answer);
      this.verdict.value = verdict;
      if (verdict.valid) this.count(verdict.correct === true);
    } catch (failure) {
      this.failure.value = failure;
    } finally {
      this.busy.value = false;
    }
  }

  private count(isRight: boolean): void {
    if (!isRight) this.streak.value = 0;
    else if (this.isFirstAnswer) this.streak.value += 1;
    this.isFirstAnswer = false;
  }
}
