import { batch, computed, signal } from "@preact/signals";
import * as api from "../api/calls";
import { ApiFailure, isSignedOut, isTemporary } from "../api/failure";
import type { Answer, Assessment, Attempt, AttemptPresentation, Presentation, Reply } from "../api/types";
import { announce } from "./announcer";
import { serverClock } from "./clock";
import { timeLeft } from "./countdown";
import { drafts } from "./drafts";
import { Flags } from "./flags";
import { type Delivery, outbox } from "./outbox";
import { Place, type Surroundings } from "./place";
import { attemptAfter, tellsNothing } from "./replies";
import { channelTo, Seat, thisTab } from "./seat";
import { me } from "./session";
import { Viewing, visibleTime } from "./viewing";

const A_SECOND = 1000;

/** How long handing in waits for answers that are on their way. */
const DELIVERY_TIME = 12 * A_SECOND;

/** One attempt on the screen: which of its places is open, which answers are on their way, and how it ends. */
export class Sitting implements Surroundings {
  readonly attempt = signal<Attempt | null>(null);
  readonly assessment = signal<Assessment | null>(null);
  /** The places on the screen: the open one, or all where they stand on one page. */
  readonly places = signal<readonly Place[]>([]);
  /** The position at which the learner works. */
  private readonly at = signal<number | null>(null);
  /** The place that is open, or worked at; null where every question has its answer. */
  readonly place = computed(() => this.placeAt(this.at.value));
  /** The last question on one page that the learner asked to be brought to, anew with each asking. */
  readonly wanted = signal<{ position: number } | null>(null);
  /** What stopped the last thing that the learner wanted, where no place is open. */
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
  readonly onTheirWay = signal<ReadonlyMap<number, Answer>>(new Map());

  readonly isOpen = computed(() => this.attempt.value?.state === "open");
  readonly entries = computed<AttemptPresentation[]>(() => this.attempt.value?.presentations ?? []);
  readonly unanswered = computed(() =>
    this.entries.value.filter(
      (entry) => entry.state === "open" && !this.onTheirWay.value.has(entry.position),
    ),
  );
  /** The positions whose answers have not arrived. */
  readonly underWay = computed(() => [...this.onTheirWay.value.keys()].sort((one, other) => one - other));
  /** Whether each item is chosen by the answers before it, so that none can be left for later. */
  readonly grows = computed(() => (this.assessment.value?.mode ?? "fixed") !== "fixed");
  /** Whether this tab takes entries: the attempt is open, and no other tab works at it. */
  readonly takesEntries = computed(
    () => this.isOpen.value && this.seat.standing.value === "here" && !this.endedElsewhere.value,
  );

  /** Whether all questions stand below one another. */
  readonly isOnePage = computed(() => this.attempt.value?.conditions.layout === "one_page");
  /** Whether there is a way back to a question that was left. */
  readonly mayReturn = computed(() => this.isOpen.value && !this.grows.value);
  /** What the learner wants to come back to. */
  readonly flags: Flags;

  /** Whether the learner has gone from one item to another since this page was opened. */
  moved = false;

  /** What the last answer said comes next, while its verdict is read: an item, or that the attempt has ended. */
  private following: Presentation | null = null;
  private ended: Attempt["state"] | null = null;
  private readonly viewing = new Viewing(visibleTime);
  /** How often something else was wanted on the screen: what arrives for an earlier wish is not shown. */
  private wishes = 0;
  /** How many answers were settled: what was fetched across a change of this is out of date. */
  private settled = 0;

  constructor(readonly id: string) {
    this.flags = new Flags(id);
  }

  /** Go on in this tab with what the other one has typed. */
  async takeSeat(): Promise<void> {
    await this.seat.take();
    await this.begin(this.place.value?.position ?? null);
  }

  /** Fetch the attempt and open an item of it: the one at `position`, else the first that waits for an answer. */
  async begin(position: number | null): Promise<void> {
    this.wishes += 1;
    const wish = this.wishes;
    for (const delivery of outbox.underWayIn(this.id))
      if (!this.onTheirWay.value.has(delivery.position)) void this.follow(delivery);
    const attempt = await this.fresh(() => api.attempt(this.id));
    this.following = this.ended = null;
    this.attempt.value = attempt;
    this.assessment.value = await api.assessment(attempt.assessment);
    if (attempt.state !== "open") return;
    const isThere = attempt.presentations.some((entry) => entry.position === position);
    try {
      if (this.isOnePage.value) await this.openAll(isThere ? position : null, wish);
      else if (position !== null && isThere) await this.openOne(position, wish);
      // Where items are chosen one by one, there being none is the end of the attempt.
      else if (!(await this.openNext(wish)) && this.grows.value) await this.refresh();
    } catch (failure) {
      if (!isConflict(failure)) throw failure;
      await this.refresh();
      if (this.isOpen.value) throw failure;
    }
  }

  async open(position: number): Promise<void> {
    if (!this.isOnePage.value) return this.openOne(position);
    this.look(position);
    this.wanted.value = { position };
  }

  private async openOne(position: number, wish = ++this.wishes): Promise<void> {
    const presentation = await this.fresh(() => api.presentation(this.id, position));
    if (wish === this.wishes) this.show(presentation);
  }

  /** The learner turns to a question of the page. */
  look(position: number): void {
    this.wishes += 1;
    this.at.value = position;
    this.viewing.look(position);
  }

  /** Open the next item that waits; false when none is left. */
  async openNext(wish = ++this.wishes): Promise<boolean> {
    let next = await this.fresh(() => api.nextPresentation(this.id));
    // The reply to the last answer could not bring one.
    if (!next && this.grows.value) next = await this.fresh(() => api.drawPresentation(this.id));
    if (next && wish === this.wishes) this.show(next);
    if (next && !this.entries.value.some((entry) => entry.position === next.position)) await this.refresh();
    return next !== null;
  }

  /** Open the item after this one, or from the last one the first that waits. */
  async goOn(): Promise<void> {
    if (this.isOnePage.value) return this.goOnBelow();
    this.wishes += 1;
    const wish = this.wishes;
    const { attempt, following } = this;
    const here = this.place.value?.position ?? 0;
    const after = this.entries.value.find((entry) => entry.position > here);
    if (after && after.position === following?.position) this.show(following);
    else if (after) await this.openOne(after.position, wish);
    else if (this.ended && attempt.value) attempt.value = { ...attempt.value, state: this.ended };
    else if (!(await this.openNext(wish)) && wish === this.wishes) {
      if (this.grows.value) await this.refresh();
      this.moved = true;
      this.viewing.look(null);
      this.at.value = null;
      this.places.value = [];
    }
  }

  async send(position: number, answer: Answer): Promise<void> {
    const address = { learner: me.value?.id ?? "", attempt: this.id, position };
    const verdict = outbox.post(address, answer, this.viewing.take(position));
    await this.follow({ position, answer, verdict });
  }

  closed({ position, state, tries_left }: Presentation): void {
    const { value: attempt } = this.attempt;
    if (!attempt) return;
    const presentations = attempt.presentations.map((one) =>
      one.position === position ? { ...one, state, tries_left, score: one.score ?? 0 } : one,
    );
    this.settled += 1;
    this.attempt.value = { ...attempt, presentations };
  }

  /**
   * Hand in, after everything that was entered has reached the server. Throws `Undelivered`, or what keeps it from
   * there, and then nothing is handed in.
   */
  async submit(): Promise<void> {
    for (const place of this.places.value) place.keepUnsent();
    await outbox.deliver(me.value?.id ?? "", this.id, DELIVERY_TIME);
    await drafts.deliver(this.id);
    this.attempt.value = await api.submitAttempt(this.id);
    this.seat.announceEnd();
  }

  /** The deadline has passed: end the attempt as soon as the server agrees, whose clock is the one that counts. */
  async close(): Promise<void> {
    await drafts.flush();
    // What arrived in time counts, so it goes first. Whatever keeps an answer away is told where it is followed.
    await outbox.deliver(me.value?.id ?? "", this.id, DELIVERY_TIME).catch(() => undefined);
    while (this.isOpen.value && timeLeft(this.attempt.value?.deadline ?? null, serverClock.now()) === 0) {
      await this.endWithTime().catch(this.unlessTemporary);
      if (this.isOpen.value) await new Promise((resolve) => setTimeout(resolve, A_SECOND));
    }
  }

  /** Look whether the attempt was given more time, or ended elsewhere; what cannot be told now is asked again later. */
  async lookAtTheClock(): Promise<void> {
    if (this.isOpen.value) await this.noticeEnd().catch(this.unlessTemporary);
  }

  /** Take note of what went wrong; where the attempt has ended elsewhere, that is what the screen says. */
  readonly failed = async (failure: unknown): Promise<void> => {
    const hasEnded = isConflict(failure) && (await this.noticeEnd().catch(() => false));
    if (!hasEnded) (this.place.value ?? this).failure.value = failure;
  };

  async refresh(): Promise<void> {
    this.attempt.value = await this.fresh(() => api.attempt(this.id));
  }

  private show(presentation: Presentation): void {
    const { position } = presentation;
    this.moved = this.place.value !== null;
    if (position === this.following?.position) this.following = null;
    this.viewing.look(position);
    batch(() => {
      this.places.value = [new Place(this, presentation)];
      this.at.value = position;
      this.failure.value = null;
    });
  }

  /** Show all questions; the learner begins with the one at `position`, else with the first that waits. */
  private async openAll(position: number | null, wish: number): Promise<void> {
    const all = await this.fresh(() => api.presentations(this.id));
    const waiting = this.unanswered.value[0]?.position ?? all[0]?.position ?? 0;
    batch(() => {
      this.places.value = all.map((one) => new Place(this, one));
      if (wish !== this.wishes) return;
      this.look(position ?? waiting);
      if (position !== null) this.wanted.value = { position };
    });
  }

  /** Go to the question below, or from the last one to the first that waits. */
  private async goOnBelow(): Promise<void> {
    const here = this.place.value?.position ?? 0;
    const next = this.entries.value.find(({ position }) => position > here) ?? this.unanswered.value[0];
    if (next) await this.open(next.position);
  }

  private placeAt(position: number | null): Place | null {
    return this.places.value.find((one) => one.position === position) ?? null;
  }

  private async follow({ position, answer, verdict }: Delivery): Promise<void> {
    const place = this.placeAt(position);
    if (place) place.failure.value = null;
    this.onTheirWay.value = new Map(this.onTheirWay.value).set(position, answer);
    await verdict.then(
      (reply) => this.take(reply),
      (failure) => this.refused({ position, answer }, failure),
    );
  }

  /** Take in the reply to an answer. It says everything; only the skills of a mastery attempt are fetched. */
  private async take(reply: Reply): Promise<void> {
    const { position, place, next, attempt } = reply;
    const shown = this.placeAt(position);
    const answer = this.onTheirWay.value.get(position) ?? null;
    const goesOn = shown !== null && this.grows.value && place.state === "answered" && tellsNothing(reply);
    this.settled += 1;
    this.following = next;
    this.ended = attempt.state === "open" ? null : attempt.state;
    batch(() => {
      this.arrived(position);
      if (this.attempt.value) this.attempt.value = attemptAfter(this.attempt.value, reply);
      shown?.hear(reply, answer, !goesOn);
    });
    if (goesOn) await this.leaveAnswered();
    else if (this.attempt.value?.mastery && place.state === "answered" && !this.ended)
      // The verdict stands, whether or not this can be fetched.
      await this.refresh().catch(() => undefined);
  }

  /** Go on by itself from an item of which nothing is said. */
  private async leaveAnswered(): Promise<void> {
    announce("Recorded.");
    await this.goOn().catch(this.failed);
  }

  /** An answer was not taken: say why, and look what stands there now. */
  private async refused({ position, answer }: Omit<Delivery, "verdict">, failure: unknown): Promise<void> {
    const place = this.placeAt(position);
    if (place) await this.failed(failure);
    // The answer was not taken as it is; its text is still the learner's work.
    if (!isConflict(failure) && !isSignedOut(failure))
      drafts.edit(place?.draftOf(answer) ?? { attempt: this.id, position, answer });
    this.settled += 1;
    // What is said of the failure stands, whether or not the rest can be fetched.
    const [attempt, presentation] = await Promise.all([
      api.attempt(this.id).catch(() => null),
      api.presentation(this.id, position).catch(() => null),
    ]);
    batch(() => {
      this.arrived(position);
      if (attempt) this.attempt.value = attempt;
      this.placeAt(position)?.stay(presentation);
    });
  }

  private arrived(position: number): void {
    this.onTheirWay.value = new Map([...this.onTheirWay.value].filter(([one]) => one !== position));
  }

  /** Ask the server whether it agrees that the time is up; then end the attempt, which otherwise ends in a minute. */
  private async endWithTime(): Promise<void> {
    const attempt = await this.fresh(() => api.attempt(this.id));
    this.attempt.value = attempt.state === "grading" ? await api.submitAttempt(this.id) : attempt;
  }

  async fresh<Data>(fetch: () => Promise<Data>): Promise<Data> {
    for (;;) {
      const before = this.settled;
      const data = await fetch();
      if (before === this.settled) return data;
    }
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
