import { computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import { ApiFailure } from "../api/failure";
import type { Answer, AnswerValue, Variant, VariantSolution, Verdict } from "../api/types";
import { loadMe, me } from "./session";
import { deviceStorage, isRecord, type Shelf, shelf } from "./storage";

/** A variant as it stands on the screen: a reload goes on with it. */
interface Kept {
  learner: string;
  variant: Variant;
  answer: Answer;
  verdict: Verdict | null;
  /** The answer that the verdict is about. */
  checked: Answer | null;
  solution: VariantSolution | null;
  wasAnswered: boolean;
  at: number;
}

/** The server takes answers to a variant for a day. */
const KEPT_FOR = 12 * 60 * 60 * 1000;

function readKept(stored: unknown): Kept | null {
  const isKept =
    isRecord(stored) &&
    typeof stored.learner === "string" &&
    typeof stored.at === "number" &&
    isRecord(stored.answer) &&
    isRecord(stored.variant) &&
    typeof stored.variant.token === "string" &&
    Array.isArray(stored.variant.interactions);
  // What this app wrote itself, under this name.
  return isKept ? (stored as unknown as Kept) : null;
}

const onDevice = shelf(deviceStorage(), "practice", readKept);

/** Free practice of one exercise: a variant, checked as often as wanted, then another. */
export class Practice {
  readonly variant = signal<Variant | null>(null);
  readonly answer = signal<Answer>({});
  readonly verdict = signal<Verdict | null>(null);
  /** The answer that the verdict is about, which may not be what the fields show by now. */
  readonly checked = signal<Answer | null>(null);
  /** The solution, once it was asked for. A right answer brings its own. */
  readonly solution = signal<VariantSolution | null>(null);
  readonly busy = signal(false);
  readonly failure = signal<unknown>(null);
  /** Variants that were right at the first readable answer, in a row. */
  readonly streak = signal(0);
  readonly drawn = signal(0);

  /** Once it was right, or the solution was seen, there is nothing left to find out in this variant. */
  readonly isOver = computed(() => this.verdict.value?.correct === true || this.solution.value !== null);
  /** Whether a readable answer was wrong, so that it is time to offer the solution. */
  readonly wasWrong = computed(() => this.verdict.value?.correct === false);

  private wasAnswered = false;

  constructor(
    readonly slug: string,
    private readonly kept: Shelf<Kept> = onDevice,
    private readonly now: () => number = Date.now,
  ) {}

  /** Go on with the variant that this device has, else draw one. */
  async begin(): Promise<void> {
    const before = this.kept.get(this.slug);
    const isMine = before !== null && before.learner === me.value?.id;
    if (!isMine || this.now() - before.at > KEPT_FOR) return this.draw();
    this.variant.value = before.variant;
    this.answer.value = before.answer;
    this.verdict.value = before.verdict;
    this.checked.value = before.checked;
    this.solution.value = before.solution;
    this.wasAnswered = before.wasAnswered;
    this.drawn.value += 1;
  }

  async draw(): Promise<void> {
    const variant = await api.drawVariant(this.slug);
    if (!me.value?.id) await loadMe();
    this.variant.value = variant;
    this.answer.value = {};
    this.verdict.value = this.checked.value = this.solution.value = null;
    this.failure.value = null;
    this.wasAnswered = false;
    this.drawn.value += 1;
    this.keep();
  }

  change(interaction: string, value: AnswerValue): void {
    this.answer.value = { ...this.answer.value, [interaction]: value };
    this.keep();
  }

  async takeHint(): Promise<void> {
    const { value: variant } = this.variant;
    if (!variant) return;
    const taken = await api.takeVariantHint(this.slug, variant.token, variant.hints.length + 1);
    if (this.variant.value?.token === variant.token) this.variant.value = { ...variant, ...taken };
    this.keep();
  }

  async showSolution(): Promise<void> {
    const { value: variant } = this.variant;
    if (!variant) return;
    const solution = await api.showVariantSolution(this.slug, variant.token);
    if (this.variant.value?.token !== variant.token) return;
    this.solution.value = solution;
    const { last } = solution;
    if (last?.verdict) {
      // It tells more by now, such as how a wrong number differs. The solution stands apart.
      this.verdict.value = { ...last.verdict, solution: null, right: null };
      this.checked.value = last.answer;
    }
    this.streak.value = 0;
    this.keep();
  }

  /** Take note of what went wrong. A variant that the server does not know any more is not gone on with. */
  readonly failed = (failure: unknown): void => {
    this.failure.value = failure;
    const isGone =
      failure instanceof ApiFailure && (failure.status === 404 || failure.about("token") !== null);
    if (isGone) this.kept.remove(this.slug);
  };

  async check(answer: Answer): Promise<void> {
    const { value: variant } = this.variant;
    if (!variant || this.busy.value || this.isOver.value) return;
    this.busy.value = true;
    this.failure.value = null;
    try {
      const verdict = await api.checkVariant(this.slug, variant.token, answer);
      this.verdict.value = verdict;
      this.checked.value = answer;
      if (verdict.valid) this.count(verdict.correct === true);
      this.keep();
    } catch (failure) {
      this.failed(failure);
    } finally {
      this.busy.value = false;
    }
  }

  private count(isRight: boolean): void {
    if (!isRight) this.streak.value = 0;
    else if (!this.wasAnswered) this.streak.value += 1;
    this.wasAnswered = true;
  }

  private keep(): void {
    const { value: variant } = this.variant;
    const learner = me.value?.id;
    if (!variant || !learner) return;
    this.kept.put(this.slug, {
      learner,
      variant,
      answer: this.answer.value,
      verdict: this.verdict.value,
      checked: this.checked.value,
      solution: this.solution.value,
      wasAnswered: this.wasAnswered,
      at: this.now(),
    });
  }
}
