import type { NextStep as Step } from "../api/types";
import { Arrow } from "./icons";

interface Words {
  /** What stands before the title. */
  lead: string;
  action: string;
  address: (slug: string) => string;
}

const practice = (slug: string) => `/practice/${slug}`;

const WORDS: Record<Step["kind"], Words> = {
  review: { lead: "Look again:", action: "Practice it now", address: practice },
  practice: { lead: "Practice:", action: "Practice it now", address: practice },
  assessment: { lead: "Take:", action: "Look at it", address: (slug) => `/assessments/${slug}` },
  lesson: { lead: "Read:", action: "Open the lesson", address: (slug) => `/lessons/${slug}` },
  nothing: { lead: "", action: "Choose a lesson", address: () => "/" },
};

const GO_ON = { lead: "Go on with:", action: "Go on" };

interface NextStepProps {
  step: Step;
  /** Said after the reason. */
  children?: preact.ComponentChildren;
}

/** The one thing to do next, why, and the way there. */
export function NextStep({ step, children }: NextStepProps) {
  const { lead, action } = step.attempt ? GO_ON : WORDS[step.kind];
  return (
    <section class="card next-step" aria-labelledby="next-step">
      <div>
        <h2 id="next-step">Your next step</h2>
        <p class="next-step-title">
          {lead} <strong>{step.title}</strong>
        </p>
        <p class="next-step-why">
          {step.why} {children}
        </p>
      </div>
      <a class="button" href={addressOf(step)}>
        {action} <Arrow />
      </a>
    </section>
  );
}

export function addressOf({ kind, slug, attempt }: Pick<Step, "kind" | "slug" | "attempt">): string {
  if (attempt) return `/attempts/${attempt}`;
  return WORDS[kind].address(slug ?? "");
}
