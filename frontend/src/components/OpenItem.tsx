import { useEffect, useRef } from "preact/hooks";
import { ApiFailure, ConnectionLost, isSignedOut } from "../api/failure";
import type { Presentation, Verdict } from "../api/types";
import { announce } from "../state/announcer";
import type { DraftState } from "../state/drafts";
import { drafts } from "../state/drafts";
import { online } from "../state/network";
import { outbox } from "../state/outbox";
import { useSingleKey } from "../state/shortcuts";
import type { Sitting } from "../state/sitting";
import { keepsOnDevice } from "../state/storage";
import { FailureNote } from "./FailureNote";
import { Hints } from "./Hints";
import { Item, isComplete } from "./Item";
import { Arrow, Check, Flag } from "./icons";
import { useLongWait } from "./Loaded";
import { OUTCOME_WORDS, outcomeOf, VerdictPanel } from "./Verdict";
import { count, figure } from "./words";

/** The item that is open: its text, its inputs, its verdict, and the way on. */
export function OpenItem({ sitting }: { sitting: Sitting }) {
  const presentation = sitting.presentation.value;
  if (!presentation) return <AllAnswered isNews={sitting.moved} />;
  const verdict = sitting.verdict.value;
  const { position } = presentation;
  return (
    <article class="card item-card" key={position} aria-labelledby="item-title">
      <ItemHead sitting={sitting} presentation={presentation} />
      {presentation.why && <Why why={presentation.why} grounds={presentation.grounds} />}
      <Item
        id="open-item"
        body={presentation.body}
        interactions={presentation.interactions}
        figures={presentation.figures}
        locale={presentation.locale}
        answer={sitting.answer.value}
        disabled={!sitting.takesAnswer.value}
        verdicts={verdict?.interactions ?? null}
        onChange={(interaction, value) => sitting.change(interaction, value)}
        onSubmit={(answer) => void sitting.respond(answer)}
      >
        <Hints
          taken={presentation.hints}
          available={presentation.hints_available}
          isOpen={sitting.takesAnswer.value}
          takesKeys
          onTake={() => sitting.takeHint().catch(sitting.failed)}
        />
        {presentation.last?.pending && !verdict && (
          <p class="pending-note">
            Your answer is recorded and waits to be graded. You need not send it again.
          </p>
        )}
        {verdict && (
          <VerdictPanel
            verdict={verdict}
            asked={{ interactions: presentation.interactions, answer: sitting.judged.value }}
            consequence={consequence(verdict, presentation)}
            withScore={!sitting.grows.value}
          />
        )}
        <Actions sitting={sitting} presentation={presentation} verdict={verdict} />
      </Item>
    </article>
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

function ItemHead({ sitting, presentation }: { sitting: Sitting; presentation: Presentation }) {
  const { position, tries_left } = presentation;
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
      <h2 id="item-title" ref={heading} tabIndex={-1}>
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
function FlagButton({ sitting, position }: { sitting: Sitting; position: number }) {
  const isFlagged = sitting.flags.has(position);
  const toggle = () => {
    sitting.flags.toggle(position);
    announce(isFlagged ? `Question ${position} is no longer flagged.` : `Question ${position} is flagged.`);
  };
  useSingleKey("f", toggle);
  return (
    <button type="button" class="button quiet small flag-button" aria-pressed={isFlagged} onClick={toggle}>
      <Flag /> {isFlagged ? "Flagged" : "Flag for later"}
    </button>
  );
}

/** What a verdict means for what comes next. */
function consequence(verdict: Verdict, { tries_left }: Presentation): string {
  const outcome = outcomeOf(verdict);
  if (outcome === "invalid") return "This cost you no try.";
  if (outcome === "recorded") return tries_left === 0 ? "" : "You can still change it.";
  if (outcome === "right") return "";
  if (tries_left === null) return "Try again.";
  return tries_left === 0 ? "No tries left." : `${count(tries_left, "try", "tries")} left.`;
}

interface ActionsProps {
  sitting: Sitting;
  presentation: Presentation;
  verdict: Verdict | null;
}

function Actions({ sitting, presentation, verdict }: ActionsProps) {
  const isClosed = presentation.tries_left === 0;
  const isDone = isClosed || presentation.state === "answered";
  const onward = useRef<HTMLButtonElement>(null);
  useVerdictNews(verdict, isClosed, onward);
  const complete = isComplete(presentation.interactions, sitting.answer.value);
  const goOn = () => void sitting.goOn().catch(sitting.failed);
  const goesOn = isDone || !sitting.grows.value;
  useSingleKey("n", goesOn ? goOn : null);
  return (
    <div class="actions">
      {/* That the learner is signed out stands above every screen. */}
      {!isSignedOut(sitting.failure.value) && <FailureNote failure={sitting.failure.value} />}
      {!isClosed && (
        <button
          type="submit"
          class={complete ? "button" : "button quiet"}
          disabled={!sitting.takesAnswer.value}
        >
          {submitWords(sitting, presentation, verdict)}
        </button>
      )}
      {goesOn && (
        <button type="button" ref={onward} class={isClosed ? "button" : "button quiet"} onClick={goOn}>
          {isDone ? "Next question" : "Skip for now"} <Arrow />
        </button>
      )}
      {sitting.mayReturn.value && <FlagButton sitting={sitting} position={presentation.position} />}
      <SaveState state={drafts.state.value} />
      {sitting.sending.value && <SendingNote sitting={sitting} position={presentation.position} />}
    </div>
  );
}

function submitWords(sitting: Sitting, { state }: Presentation, verdict: Verdict | null): string {
  if (sitting.sending.value) return outbox.pending.value > 0 ? "Sending…" : "Checking…";
  if (state === "answered") return "Change the answer";
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
function useVerdictNews(
  verdict: Verdict | null,
  isClosed: boolean,
  onward: { current: HTMLButtonElement | null },
): void {
  const told = useRef(verdict);
  useEffect(() => {
    if (verdict === null || told.current === verdict) return;
    told.current = verdict;
    const details = Object.values(verdict.interactions).map((part) => part.message ?? "");
    announce([OUTCOME_WORDS[outcomeOf(verdict)], ...details].filter(Boolean).join(". "));
  }, [verdict]);
  useEffect(() => {
    if (isClosed && verdict !== null) onward.current?.focus({ preventScroll: true });
  }, [isClosed, verdict, onward]);
}

function AllAnswered({ isNews }: { isNews: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that led here is gone, and the focus with it.
    if (isNews) heading.current?.focus();
  }, [isNews]);
  return (
    <div class="card all-answered">
      <h2 ref={heading} tabIndex={-1}>
        Every question has its answer
      </h2>
      <p>Hand in when you are ready, or go back to one of them.</p>
    </div>
  );
}
