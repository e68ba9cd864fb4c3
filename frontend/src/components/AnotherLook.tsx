import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import * as api from "../api/calls";
import { ApiFailure } from "../api/failure";
import type { RegradeRequest, ReviewEntry } from "../api/types";
import { Form } from "./Form";
import { day } from "./words";

const LONGEST = 2000;

interface Props {
  attempt: string;
  entry: Pick<ReviewEntry, "position" | "verdict" | "may_ask" | "request">;
}

/** Where a learner asks that an answer be looked at again, and reads what became of it. */
export function AnotherLook({ attempt, entry: { position, verdict, may_ask, request } }: Props) {
  const asked = useSignal(request);
  const isOpen = useSignal(false);
  const isSent = useSignal(false);
  const isCanceled = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isCanceled.value) opener.current?.focus();
  }, [isCanceled.value]);
  if (asked.value) return <Asked request={asked.value} isNew={isSent.value} />;
  if (!may_ask || verdict === null) return null;
  if (!isOpen.value)
    return (
      <p>
        <button
          ref={opener}
          type="button"
          class="button quiet small"
          onClick={() => {
            isOpen.value = true;
            isCanceled.value = false;
          }}
        >
          Ask for another look <span class="visually-hidden">at your answer to question {position}</span>
        </button>
      </p>
    );
  const send = async (text: string) => {
    asked.value = await api.askForAnotherLook(attempt, verdict.id, text);
    isSent.value = true;
  };
  const close = () => {
    isOpen.value = false;
    isCanceled.value = true;
  };
  return <Asking position={position} send={send} close={close} />;
}

interface AskingProps {
  position: number;
  send: (text: string) => Promise<void>;
  close: () => void;
}

function Asking({ position, send, close }: AskingProps) {
  const id = `look-${position}`;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <Form
      class="another-look"
      fields={["text"]}
      action="Send"
      kind="small"
      send={(entered) => send(entered("text"))}
      beside={
        <button type="button" class="button quiet small" onClick={close}>
          Cancel
        </button>
      }
    >
      {(failure) => {
        const complaint = failure instanceof ApiFailure ? failure.about("text") : null;
        return (
          <div class="form-row">
            <label for={id}>Why should your answer to question {position} count otherwise?</label>
            <textarea
              ref={field}
              id={id}
              name="text"
              class="field"
              rows={3}
              maxLength={LONGEST}
              aria-invalid={complaint ? true : undefined}
              aria-describedby={complaint ? `${id}-complaint` : `${id}-hint`}
            />
            {complaint && (
              <p class="form-problem" id={`${id}-complaint`} role="alert">
                {complaint}
              </p>
            )}
            <p class="hint" id={`${id}-hint`}>
              Your instructor reads this. You can ask once for each answer.
            </p>
          </div>
        );
      }}
    </Form>
  );
}

/** What was asked, and what was replied. `isNew`: it was sent from here just now. */
function Asked({
  request: { state, text, asked_at, reply },
  isNew,
}: {
  request: RegradeRequest;
  isNew: boolean;
}) {
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isNew) words.current?.focus();
  }, [isNew]);
  return (
    <div class="another-look">
      <p ref={words} tabIndex={-1} role={isNew ? "status" : undefined}>
        <strong>
          {state === "open" ? "You asked for another look." : "Your answer was looked at again."}
        </strong>{" "}
        {state === "open" && `Sent on ${day(asked_at)}. Your instructor will reply here.`}
      </p>
      {text && <p class="corrected-reason">{text}</p>}
      {reply && (
        <p>
          Reply: <span class="corrected-reason">{reply}</span>
        </p>
      )}
    </div>
  );
}
