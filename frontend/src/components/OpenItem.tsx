import { effect, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ApiFailure, ConnectionLost, isSignedOut } from "../api/failure";
import type { Presentation, Verdict } from "../api/types";
import { announce } from "../state/announcer";
import type { DraftState } from "../state/drafts";
import { online } from "../state/network";
import { outbox } from "../state/outbox";
import type { Place } from "../state/place";
import { useSingleKey } from "../state/shortcuts";
import type { Sitting } from "../state/sitting";
import { keepsOnDevice } from "../state/storage";
import { FailureNote } from "./FailureNote";
import { GiveUp } from "./GiveUp";
import { Hints } from "./Hints";
import { Item, isComplete } from "./Item";
import { Arrow, Check, Flag } from "./icons";
import { useLongWait } from "./Loaded";
import { Revealed } from "./Revealed";
import { OUTCOME_WORDS, outcomeOf, VerdictPanel } from "./Verdict";
import { count, figure } from "./words";

export interface PlaceProps {
  sitting: Sitting;
  place: Place;
}

/** A question: its text, its inputs, its verdict, and the way on. */
export function OpenItem({ sitting, place }: PlaceProps) {
  const takesKeys = sitting.place.value === place;
  const look = () => {
    if (!takesKeys) sitting.look(place.position);
  };
  const presentation = place.presentation.value;
  const verdict = place.verdict.value;
  useNewerAnswers(sitting, place);
  return (
    <article
      class="card item-card"
      aria-labelledby={titleId(place)}
      data-current={sitting.isOnePage.value && takesKeys}
      onFocusIn={look}
      onPointerDown={look}
    >
      <ItemHead sitting={sitting} place={place} />
      {presentation.why && <Why why={presentation.why} grounds={presentation.grounds} />}
      <Item
        id={`item-${place.position}`}
        body={presentation.body}
        interactions={presentation.interactions}
        figures={presentation.figures}
        locale={presentation.locale}
        answer={place.answer.value}
        disabled={!place.takesAnswer.value}
        verdicts={verdict?.interactions ?? null}
        takesKeys={takesKeys}
        onChange={(interaction, value) => place.change(interaction, value)}
        onSubmit={(answer) => void place.respond(answer)}
      >
        <Hints
          taken={presentation.hints}
          available={presentation.hints_available}
          isOpen={place.takesAnswer.value}
          takesKeys={takesKeys}
          onTake={() => place.takeHint().catch(sitting.failed)}
        />
        {presentation.last?.pending && !verdict && (
          <p class="pending-note">
            Your answer is recorded and waits to be graded. You need not send it again.
          </p>
        )}
        {verdict && (
          <VerdictPanel
            verdict={verdict}
            asked={{ interactions: presentation.interactions, answer: place.judged.value }}
            consequence={consequence(verdict, presentation)}
            withScore={!sitting.grows.value}
            {...(sitting.isOnePage.value && { name: `Verdict on question ${place.position}` })}
          />
        )}
        {presentation.revealed && !verdict && <p class="pending-note">{GIVEN_UP}</p>}
        <Revealed interactions={presentation.interactions} solved={presentation.revealed} />
        <Actions sitting={sitting} place={place} />
      </Item>
    </article>
  );
}

/** What names the title of a question on the page. */
export const titleId = ({ position }: Pick<Place, "position">): string => `item-${position}-title`;

/** Where an answer was sent from elsewhere, what is typed from now on comes after it. */
function useNewerAnswers(sitting: Sitting, place: Place): void {
  useEffect(
    () =>
      effect(() => {
        if (place.draftState.value === "outdated")
          void untracked(() => place.catchUp()).catch(sitting.failed);
      }),
    [sitting, place],
  );
}

/** Why this item is asked, and the numbers behind it for who asks. */
const Why = ({ why, grounds }: { why: string; grounds: string | null }) => (
  <div class="why hint">
    <p>{why}</p>
    {grounds && (
      <details>
        <summary>Why?</summary>
        <p>{grounds}</p>
      </details>
    )}
  </div>
);

function ItemHead({ sitting, place }: PlaceProps) {
  const { position } = place;
  const { tries_left } = place.presentation.value;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // On arrival the screen's own heading has the focus; from then on each item takes it.
    if (sitting.moved) heading.current?.focus();
  }, [sitting]);
  const isOneOfOne = sitting.assessment.value?.tries === 1 && tries_left === 1;
  const entry = sitting.entries.value.find((one) => one.position === position);
  const total = sitting.entries.value.length;
  return (
    <header class="item-head">
      <h2 id={titleId(place)} ref={heading} tabIndex={-1}>
        Question {position}
        {!sitting.grows.value && <span class="of-total"> of {total}</span>}
      </h2>
      <p class="facts">
        {/* Where items are chosen one by one, none is worth anything by itself. */}
        {entry && !sitting.grows.value && <span>worth {figure(entry.max_score)}</span>}
        {tries_left !== null && !isOneOfOne && (
          <span>{tries_left === 0 ? "done" : `${count(tries_left, "try", "tries")} left`}</span>
        )}
      </p>
    </header>
  );
}

/** Marks a question to come back to, for the learner alone. */
function FlagButton({ sitting, place }: PlaceProps) {
  const { position } = place;
  const isFlagged = sitting.flags.has(position);
  const toggle = () => {
    sitting.flags.toggle(position);
    announce(isFlagged ? `Question ${position} is no longer flagged.` : `Question ${position} is flagged.`);
  };
  useSingleKey("f", sitting.place.value === place ? toggle : null);
  return (
    <button type="button" class="button quiet small flag-button" aria-pressed={isFlagged} onClick={toggle}>
      <Flag /> {isFlagged ? "Flagged" : "Flag for later"}
    </button>
  );
}

const GIVEN_UP = "You asked for the solution, which closed this question.";

/** What a verdict means for what comes next. */
function consequence(verdict: Verdict, { tries_left, revealed }: Presentation): string {
  if (revealed) return GIVEN_UP;
  const outcome = outcomeOf(verdict);
  if (outcome === "invalid") return "This cost you no try.";
  if (outcome === "recorded") return tries_left === 0 ? "" : "You can still change it.";
  if (outcome === "right") return "";
  if (tries_left === null) return "Try again.";
  return tries_left === 0 ? "No tries left." : `${count(tries_left, "try", "tries")} left.`;
}

function Actions({ sitting, place }: PlaceProps) {
  const presentation = place.presentation.value;
  const isClosed = presentation.tries_left === 0;
  const isDone = isClosed || presentation.state === "answered";
  const onward = useRef<HTMLButtonElement>(null);
  useVerdictNews(place, onward);
  const complete = isComplete(presentation.interactions, place.answer.value);
  const goOn = () => void sitting.goOn().catch(sitting.failed);
  const goesOn = isDone || !sitting.grows.value;
  useSingleKey("n", goesOn && sitting.place.value === place ? goOn : null);
  return (
    <div class="actions">
      {/* That the learner is signed out stands above every screen. */}
      {!isSignedOut(place.failure.value) && <FailureNote failure={place.failure.value} />}
      {!isClosed && (
        <button
          type="submit"
          class={complete ? "button" : "button quiet"}
          disabled={!place.takesAnswer.value}
        >
          {submitWords(place)}
        </button>
      )}
      {sitting.attempt.value?.conditions.solution_on_request && place.takesAnswer.value && (
        <GiveUp sitting={sitting} place={place} />
      )}
      {goesOn && !sitting.isOnePage.value && (
        <button type="button" ref={onward} class={isClosed ? "button" : "button quiet"} onClick={goOn}>
          {isDone ? "Next question" : "Skip for now"} <Arrow />
        </button>
      )}
      {sitting.mayReturn.value && <FlagButton sitting={sitting} place={place} />}
      <SaveState state={place.draftState.value} />
      {place.sending.value && <SendingNote sitting={sitting} position={presentation.position} />}
    </div>
  );
}

function submitWords(place: Place): string {
  const verdict = place.verdict.value;
  if (place.sending.value) return outbox.pending.value > 0 ? "Sending…" : "Checking…";
  if (place.presentation.value.state === "answered") return "Change the answer";
  return verdict?.valid && verdict.correct === false ? "Try again" : "Answer";
}

/** A reply that takes longer is worth a word. */
const LONG = 4000;

/** Why an answer is still on its way, and what becomes of it. */
function SendingNote({ sitting, position }: { sitting: Sitting; position: number }) {
  const isLong = useLongWait(LONG);
  const trouble = outbox.troubleAt({ attempt: sitting.id, position });
  // Where there is no connection, the banner says the same of everything.
  if (!online.value || (trouble === null && !isLong)) return null;
  const kept = keepsOnDevice.value ? "kept on this device" : "kept as long as this page is open";
  return (
    <p class="sending-note hint" role="status">
      {trouble === null ? "The server is slow to answer." : whyNotYet(trouble)} Your answer is {kept} and sent
      again by itself.
    </p>
  );
}

function whyNotYet(trouble: unknown): string {
  if (!(trouble instanceof ApiFailure))
    return trouble instanceof ConnectionLost && trouble.isSlow
      ? "The server does not answer."
      : "The server cannot be reached.";
  return trouble.status === 429 ? "The server asks you to wait." : "The server had an error.";
}

const SAVE_WORDS: Record<DraftState, string> = {
  untouched: "",
  typing: "…",
  saving: "Saving…",
  saved: "Draft saved",
  kept: "Kept on this device",
  refused: "Not saved: this question is closed",
  outdated: "",
};

const saveWords = (state: DraftState): string =>
  state === "kept" && !keepsOnDevice.value ? "Not saved yet" : SAVE_WORDS[state];

function SaveState({ state }: { state: DraftState }) {
  return (
    <span class="save-state" data-state={state}>
      {state === "saved" && <Check />}
      {saveWords(state)}
    </span>
  );
}

/** Say the verdict, and put the focus where the next key press belongs. */
function useVerdictNews(place: Place, onward: { current: HTMLButtonElement | null }): void {
  const verdict = place.verdict.value;
  const { revealed, tries_left } = place.presentation.value;
  const isClosed = tries_left === 0;
  const told = useRef(verdict);
  const wasClosed = useRef(isClosed);
  useEffect(() => {
    if (verdict === null || told.current === verdict) return;
    told.current = verdict;
    const details = Object.values(verdict.interactions).map((part) => part.message ?? "");
    announce([OUTCOME_WORDS[outcomeOf(verdict)], ...details].filter(Boolean).join(". "));
  }, [verdict]);
  useEffect(() => {
    const isNews = isClosed && !wasClosed.current;
    wasClosed.current = isClosed;
    if (!isNews) return;
    if (revealed) announce("The solution is shown.");
    const part = (name: string) => document.querySelector<HTMLElement>(`#item-${place.position} ${name}`);
    const next = revealed ? part(".revealed") : (onward.current ?? part(".verdict"));
    next?.focus({ preventScroll: true });
  }, [isClosed, revealed, place, onward]);
}
