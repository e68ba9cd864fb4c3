import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext, useLayoutEffect, useMemo } from "preact/hooks";
import type { Answer, AnswerValue, Figure, InteractionVerdict, RawInteraction } from "../api/types";
import { Figures } from "../figures";
import { kindOf } from "../interactions";
import { Html } from "./Html";
import { InteractionNote, outcomeOfPart } from "./Verdict";

export interface ItemProps {
  /** Unique on the page and for this item. */
  id: string;
  body: string;
  interactions: RawInteraction[];
  figures: Figure[];
  answer: Answer;
  disabled: boolean;
  verdicts: Record<string, InteractionVerdict> | null;
  onChange: (interaction: string, value: AnswerValue) => void;
  onSubmit: (answer: Answer) => void;
  /** Whether keys reach the item from anywhere on the page; so it is where nothing else is asked. */
  takesKeys?: boolean;
  /** By whose rules typed numbers are read. */
  locale?: string;
  /** The verdict and the buttons. */
  children: ComponentChildren;
}

/** The answer as it would be sent: every interaction has its part, empty where nothing was entered. */
export function collect(interactions: RawInteraction[], answer: Answer): Answer {
  return Object.fromEntries(interactions.map((one) => [one.id, kindOf(one).valueOf(one, answer[one.id])]));
}

/** Whether each interaction has what it needs. */
export const isComplete = (interactions: RawInteraction[], answer: Answer): boolean =>
  interactions.every((one) => kindOf(one).isComplete(one, answer[one.id]));

/** The parsed text is kept between strokes; what stands in its places hears of changes through here. */
const CurrentItem = createContext<ItemProps | null>(null);

const placeOf = (name: string) => <Place name={name} />;

/** An item as a form: its text, with an input at the place of each interaction. */
export function Item(props: ItemProps) {
  const { id, body, interactions, figures, answer, onSubmit, takesKeys = true, children } = props;
  const byId = useMemo(() => new Map(interactions.map((one) => [one.id, one])), [interactions]);
  const isBlock = useCallback((name: string) => layoutOf(byId.get(name)) === "block", [byId]);
  useEnterKey(id, takesKeys);
  const unplaced = interactions.filter((one) => !body.includes(`data-interaction="${one.id}"`));
  return (
    <CurrentItem.Provider value={props}>
      <form
        class="item"
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(collect(interactions, answer));
        }}
      >
        <Html
          html={body}
          class="stem"
          interaction={placeOf}
          isBlock={isBlock}
          before={<Figures figures={figures} />}
        />
        {unplaced.map((one) => (
          <div key={one.id}>{placeOf(one.id)}</div>
        ))}
        {children}
      </form>
    </CurrentItem.Provider>
  );
}

/** Enter answers, wherever the focus is, unless it is on something that Enter already means something to. */
function useEnterKey(id: string, isOn: boolean): void {
  useLayoutEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const isTaken = target?.closest("a, button, input, summary, select, textarea, dialog");
      if (event.key !== "Enter" || event.defaultPrevented || isTaken) return;
      const form = document.getElementById(id);
      if (form instanceof HTMLFormElement) form.requestSubmit();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [id, isOn]);
}

const layoutOf = (interaction: RawInteraction | undefined): string =>
  interaction ? kindOf(interaction).layout : "inline";

function Place({ name }: { name: string }) {
  const item = useContext(CurrentItem);
  return item && <PlaceIn name={name} {...item} />;
}

function PlaceIn({
  name,
  id,
  interactions,
  answer,
  disabled,
  verdicts,
  takesKeys = true,
  locale = "en",
  onChange,
}: ItemProps & { name: string }) {
  const index = interactions.findIndex((one) => one.id === name);
  const raw = interactions[index];
  if (!raw) return null;
  const kind = kindOf(raw);
  const verdict = verdicts?.[name];
  const noteId = `${id}-${name}-note`;
  const firstWithDigits = interactions.find((one) => kindOf(one).takesDigits);
  const input = kind.input({
    raw,
    stored: answer[name],
    onChange: (value) => onChange(name, value),
    disabled,
    label: interactions.length === 1 ? "Your answer" : `Answer ${index + 1} of ${interactions.length}`,
    id: `${id}-${name}`,
    describedBy: verdict ? noteId : undefined,
    invalid: verdict?.valid === false,
    takesDigits: takesKeys && raw === firstWithDigits,
    locale,
  });
  return (
    <span class={`place ${kind.layout}`} data-outcome={verdict ? outcomeOfPart(verdict) : undefined}>
      {input}
      {verdict && interactions.length > 1 && <InteractionNote id={noteId} verdict={verdict} />}
    </span>
  );
}
