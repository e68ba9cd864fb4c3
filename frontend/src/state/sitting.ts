import { batch, computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import { ApiFailure, isSignedOut, isTemporary } from "../api/failure";
import type {
  Answer,
  AnswerValue,
  Assessment,
  Attempt,
  AttemptPresentation,
  Presentation,
  ResponseVerdict,
} from "../api/types";
import { serverClock } from "./clock";
import { timeLeft } from "./countdown";
import { drafts } from "./drafts";
import { type Delivery, outbox } from "./outbox";
import { channelTo, Seat, thisTab } from "./seat";
import { me } from "./session";

const A_SECOND = 1000;

/** How long handing in waits for answers that are on their way. */
const DELIVERY_TIME = 12 * A_SECOND;

/** One attempt on the screen: which item is open, what is typed, what was said about it. */
export class Sitting {
  readonly attempt = signal<Attempt | null>(null);
  readonly assessment = signal<Assessment | null>(null);
  readonly presentation = signal<Presentation | null>(null);
  readonly answer = signal<Answer>({});
  readonly verdict = signal<ResponseVerdict | null>(null);
  /** What stopped the last thing that the learner wanted. */
  readonly failure = signal<unknown>(null);

  /** Whether somebody else ended the attempt, while this page still showed it as open. */
  readonly endedElsewhere = signal(false);

  /** The right to work at the attempt, which one tab has at a time. */
  readonly seat = new Seat({
    tab: thisTab,
    now: Date.now,
    connect: (hear) => channelTo(this.id, hear),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    giveWay: async () => {
      await drafts.flush();
      drafts.release();
    },
    onEnded: () => void this.noticeEnd().catch(this.unlessTemporary),
  });

  /** The answers on their way, by position. */
  private readonly onTheirWay = signal<ReadonlyMap<number, Answer>>(new Map());

  readonly isOpen = computed(() => this.attempt.value?.state === "open");
  readonly entries = computed<AttemptPresentation[]>(() => this.attempt.value?.presentations ?? []);
  readonly unanswered = computed(() =>
    this.entries.value.filter(
      (entry) => entry.state === "open" && !this.onTheirWay.value.has(entry.position),
    ),
  );
  /** The positions whose answers have not arrived. */
  readonly underWay = computed(() => [...this.onTheirWay.value.keys()].sort((one, other) => one - other));
  readonly sending = computed(() => this.onTheirWay.value.has(this.presentation.value?.position ?? 0));
  /** Whether each item is chosen by the answers before it, so that none can be left for later. */
  readonly grows = computed(() => (this.assessment.value?.mode ?? "fixed") !== "fixed");
  /** Whether the score is in skills mastered, so that no item is worth anything by itself. */
  readonly countsSkills = computed(() => this.attempt.value?.mastery != null);
  /** Whether the open item takes another answer: where verdicts come later, one that was given may be changed. */
  readonly takesAnswer = computed(
    () =>
      this.isOpen.value &&
      this.seat.standing.value === "here" &&
      !this.endedElsewhere.value &&
      this.presentation.value?.tries_left !== 0 &&
      !this.sending.value,
  );

  /** Whether the learner has gone from one item to another since this page was opened. */
  moved = false;

  /** Whether what is shown in the fields is to be sent, and not what was answered before. */
  private showsDraft = false;
  /** How many answers were settled: what was fetched across a change of this is out of date. */
  private settled = 0;

  constructor(readonly id: string) {}

  /** Go on in this tab with what the other one has typed. */
  async takeSeat(): Promise<void> {
    await this.seat.take();
    await this.begin(this.presentation.value?.position ?? null);
  }

  /** Fetch the attempt and open an item of it: the one at `position`, else the first that waits for an answer. */
  async begin(position: number | null): Promise<void> {
    for (const delivery of outbox.underWayIn(this.id))
      if (!this.onTheirWay.value.has(delivery.position)) void this.follow(delivery);
    const attempt = await this.fresh(() => api.attempt(this.id));
    this.attempt.value = attempt;
    this.assessment.value = await api.assessment(attempt.assessment);
    if (attempt.state !== "open") return;
    const isThere = attempt.presentations.some((entry) => entry.position === position);
    try {
      if (position !== null && isThere) await this.open(position);
      else await this.openNext();
    } catch (failure) {
      if (!isConflict(failure)) throw failure;
      await this.refresh();
      if (this.isOpen.value) throw failure;
    }
  }

  async open(position: number): Promise<void> {
    this.show(await this.fresh(() => api.presentation(this.id, position)));
  }

  /** Open the next item that waits; false when none is left. */
  async openNext(): Promise<boolean> {
    const next = await this.fresh(() => api.nextPresentation(this.id));
    if (next) this.show(next);
    if (next && !this.entries.value.some((entry) => entry.position === next.position)) await this.refresh();
    return next !== null;
  }

  /** Open the item after this one, or from the last one the first that waits. */
  async goOn(): Promise<void> {
    const here = this.presentation.value?.position ?? 0;
    const after = this.entries.value.find((entry) => entry.position > here);
    if (after) await this.open(after.position);
    else if (!(await this.openNext())) {
      // Where items are chosen one by one, there being none is the end of the attempt.
      if (this.grows.value) await this.refresh();
      this.moved = true;
      this.presentation.value = null;
    }
  }

  change(interaction: string, value: AnswerValue): void {
    const { presentation } = this;
    if (!presentation.value || !this.takesAnswer.value) return;
    this.answer.value = { ...this.answer.value, [interaction]: value };
    // An answer that was held back while nobody was signed in is replaced by what is typed now.
    outbox.withdraw({ attempt: this.id, position: presentation.value.position });
    this.keepShown();
  }

  /** Send the answer to the open item and take in the verdict. */
  async respond(answer: Answer): Promise<void> {
    const { value: presentation } = this.presentation;
    if (!presentation || !this.takesAnswer.value) return;
    const { position } = presentation;
    this.showsDraft = false;
    drafts.drop({ attempt: this.id, position });
    const address = { learner: me.value?.id ?? "", attempt: this.id, position };
    await this.follow({ position, answer, verdict: outbox.post(address, answer) });
  }

  async takeHint(): Promise<void> {
    const { value: presentation } = this.presentation;
    if (!presentation) return;
    const taken = await api.takeHint(this.id, presentation.position);
    if (this.presentation.value?.position === presentation.position)
      this.presentation.value = { ...this.presentation.value, ...taken };
  }

  /**
   * Hand in, after everything that was entered has reached the server. Throws `Undelivered`, or what keeps it from
   * there, and then nothing is handed in.
   */
  async submit(): Promise<void> {
    // What is graded is what is on the screen, whatever another device has saved meanwhile.
    if (this.showsDraft && this.takesAnswer.value) this.keepShown();
    await outbox.deliver(me.value?.id ?? "", this.id, DELIVERY_TIME);
    await drafts.deliver(this.id);
    this.attempt.value = await api.submitAttempt(this.id);
    this.seat.announceEnd();
  }

  /** The deadline has passed: wait until the server has ended the attempt, whose clock is the one that counts. */
  async close(): Promise<void> {
    await drafts.flush();
    while (this.isOpen.value && timeLeft(this.attempt.value?.deadline ?? null, serverClock.now()) === 0) {
      await this.refresh().catch(this.unlessTemporary);
      if (this.isOpen.value) await new Promise((resolve) => setTimeout(resolve, A_SECOND));
    }
  }

  /** Take note of what went wrong; where the attempt has ended elsewhere, that is what the screen says. */
  readonly failed = async (failure: unknown): Promise<void> => {
    const hasEnded = isConflict(failure) && (await this.noticeEnd().catch(() => false));
    if (!hasEnded) this.failure.value = failure;
  };

  async refresh(): Promise<void> {
    this.attempt.value = await this.fresh(() => api.attempt(this.id));
  }

  private show(presentation: Presentation): void {
    const { position, draft } = presentation;
    const place = { attempt: this.id, position };
    this.moved = this.presentation.value !== null;
    drafts.open(place);
    if (presentation.tries_left === 0) drafts.drop(place);
    const before = outbox.arrivalAt(place);
    const sent = this.onTheirWay.value.get(position);
    const typed = sent ?? drafts.local(place, draft) ?? draft;
    this.showsDraft = sent === undefined && typed !== null;
    if (sent === undefined && this.seat.standing.value === "here") drafts.takeUp(place);
    batch(() => {
      this.presentation.value = presentation;
      this.verdict.value = before?.verdict ?? null;
      this.answer.value = typed ?? before?.answer ?? {};
      this.failure.value = null;
    });
  }

  private async follow({ position, answer, verdict }: Delivery): Promise<void> {
    const isShown = () => this.presentation.value?.position === position;
    this.failure.value = null;
    this.onTheirWay.value = new Map(this.onTheirWay.value).set(position, answer);
    try {
      await verdict;
    } catch (failure) {
      if (isShown()) await this.failed(failure);
      // The answer was not taken as it is; its text is still the learner's work.
      if (!isConflict(failure) && !isSignedOut(failure)) drafts.edit({ attempt: this.id, position, answer });
    }
    this.settled += 1;
    // The verdict stands, whether or not its consequences can be fetched.
    const [attempt, presentation] = await Promise.all([
      api.attempt(this.id).catch(() => null),
      api.presentation(this.id, position).catch(() => null),
    ]);
    batch(() => {
      this.onTheirWay.value = new Map([...this.onTheirWay.value].filter(([one]) => one !== position));
      if (attempt) this.attempt.value = attempt;
      if (!isShown()) return;
      if (presentation) this.presentation.value = presentation;
      this.verdict.value = outbox.arrivalAt({ attempt: this.id, position })?.verdict ?? null;
    });
  }

  /** Fetch again what an answer has overtaken on the way. */
  private async fresh<Data>(fetch: () => Promise<Data>): Promise<Data> {
    for (;;) {
      const before = this.settled;
      const data = await fetch();
      if (before === this.settled) return data;
    }
  }

  /** Keep what the fields show as the draft of the open item. */
  private keepShown(): void {
    const position = this.presentation.value?.position;
    if (position === undefined) return;
    this.showsDraft = true;
    drafts.edit({ attempt: this.id, position, answer: this.answer.value });
  }

  /** Look whether the attempt was ended elsewhere; then its text stays on the screen, to be read and copied. */
  private async noticeEnd(): Promise<boolean> {
    const attempt = await this.fresh(() => api.attempt(this.id));
    const wasOpen = this.isOpen.value;
    batch(() => {
      if (wasOpen && attempt.state === "submitted") this.endedElsewhere.value = true;
      this.attempt.value = attempt;
    });
    return attempt.state !== "open";
  }

  private readonly unlessTemporary = (failure: unknown): void => {
    if (!isTemporary(failure)) throw failure;
  };
}

const isConflict = (failure: unknown): boolean => failure instanceof ApiFailure && failure.status === 409;
