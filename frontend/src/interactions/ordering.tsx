import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Html } from "../components/Html";
import { announce } from "../state/announcer";
import { follow, mayDrag } from "./dragging";
import { Grip } from "./grip";
import type { AnsweredProps, InputProps, InteractionKind } from "./kind";
import { plainText } from "./plain";
import { type Entry, readEntries, readStrings } from "./reading";

interface OrderingSpec {
  entries: Entry[];
}

/** The ids with the one at `from` moved to `to`. */
export function move(ids: string[], from: number, to: number): string[] {
  const rest = ids.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...ids.slice(from, from + 1), ...rest.slice(to)];
}

/** An entry in the hand, and what the answer was before it was taken. */
interface Grabbed {
  entry: string;
  before: string[];
}

function Input({
  spec,
  value,
  onChange,
  disabled,
  label,
  id,
  describedBy,
}: InputProps<OrderingSpec, string[]>) {
  const shown = value.length > 0 ? value : spec.entries.map((entry) => entry.id);
  const htmlOf = new Map(spec.entries.map((entry) => [entry.id, entry.html]));
  const [grabbed, setGrabbed] = useState<Grabbed | null>(null);
  const keepFocus = useKeptFocus();
  // What was sent is out of the hand.
  useEffect(() => setGrabbed((now) => (disabled ? null : now)), [disabled]);
  const nameOf = (entry: string) => plainText(htmlOf.get(entry) ?? "");
  const placeIn = (ids: string[], entry: string) => `place ${ids.indexOf(entry) + 1} of ${ids.length}`;

  const put = (from: number, to: number) => {
    if (disabled || to < 0 || to >= shown.length) return;
    const after = move(shown, from, to);
    onChange(after);
    announce(`${nameOf(shown[from] ?? "")}: ${placeIn(after, shown[from] ?? "")}.`);
  };
  const grab = (entry: string) => {
    setGrabbed({ entry, before: value });
    announce(`Grabbed ${nameOf(entry)}, ${placeIn(shown, entry)}. ${KEYS}`);
  };
  const drop = (entry: string) => {
    setGrabbed(null);
    // Grabbed and put down where it was, it is an answer too: the order is as the learner wants it.
    onChange(shown);
    announce(`Dropped ${nameOf(entry)}, ${placeIn(shown, entry)}.`);
  };
  const cancel = ({ entry, before }: Grabbed) => {
    setGrabbed(null);
    onChange(before);
    const order = before.length > 0 ? before : spec.entries.map((one) => one.id);
    announce(`Canceled. ${nameOf(entry)} is back, ${placeIn(order, entry)}.`);
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    if (!grabbed || grabbed.entry !== shown[index]) return;
    if (event.key === "Tab") return drop(grabbed.entry);
    const to = destination(event.key, index, shown.length);
    if (to === null && event.key !== "Escape") return;
    event.preventDefault();
    keepFocus(event.currentTarget);
    if (to === null) cancel(grabbed);
    else put(index, to);
  };
  const { dragged, press } = useDragging(shown, put);

  return (
    <div class="ordering-box">
      <p class="visually-hidden" id={`${id}-keys`}>
        {KEYS}
      </p>
      <ol class="ordering" aria-label={label} aria-describedby={describedBy} data-dragging={dragged !== null}>
        {shown.map((entry, index) => (
          <li
            key={entry}
            class="ordering-entry"
            data-grabbed={grabbed?.entry === entry || dragged?.from === index}
            style={dragged ? shifted(dragged, index) : undefined}
            onPointerDown={(event) => !disabled && press(event, index)}
          >
            {!disabled && (
              <button
                type="button"
                class="grip"
                aria-label={`Move ${nameOf(entry)}, ${placeIn(shown, entry)}`}
                aria-pressed={grabbed?.entry === entry}
                aria-describedby={`${id}-keys`}
                // A press by a finger or a mouse drags; this is the Space key, or a screen reader.
                onClick={({ detail }) =>
                  detail === 0 && (grabbed?.entry === entry ? drop(entry) : grab(entry))
                }
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                <Grip />
              </button>
            )}
            <Html html={htmlOf.get(entry) ?? ""} class="option-text" />
            <Mover
              index={index}
              count={shown.length}
              disabled={disabled}
              moveTo={(to, button) => {
                keepFocus(button);
                put(index, to);
              }}
            />
          </li>
        ))}
      </ol>
      {value.length === 0 && !disabled && (
        <button type="button" class="button quiet small" onClick={() => onChange(shown)}>
          Keep this order
        </button>
      )}
    </div>
  );
}

const KEYS = "Space grabs and drops, arrow keys, Home and End move, Escape cancels.";

/** Where a key moves what is grabbed, or null where it does not. */
function destination(key: string, index: number, count: number): number | null {
  const places: Record<string, number> = {
    ArrowUp: index - 1,
    ArrowLeft: index - 1,
    ArrowDown: index + 1,
    ArrowRight: index + 1,
    Home: 0,
    End: count - 1,
  };
  return places[key] ?? null;
}

/** Give the focus back to an element that was moved in the page and has lost it. */
function useKeptFocus(): (element: EventTarget | null) => void {
  const kept = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (kept.current !== document.activeElement) kept.current?.focus({ preventScroll: true });
    kept.current?.closest("li")?.scrollIntoView({ block: "nearest" });
    kept.current = null;
  });
  return (element) => {
    if (element instanceof HTMLElement) kept.current = element;
  };
}

/** An entry under the pointer: where it was, where it would come, and how far it hangs from its place. */
interface Dragged {
  from: number;
  to: number;
  dy: number;
  /** How tall its place is, with the gap. */
  height: number;
}

function useDragging(shown: string[], put: (from: number, to: number) => void) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const latest = useRef<Dragged | null>(null);
  const set = (now: Dragged | null) => {
    latest.current = now;
    setDragged(now);
  };
  const press = (event: PointerEvent & { currentTarget: HTMLElement }, from: number) => {
    if (!mayDrag(event)) return;
    const boxes = [...(event.currentTarget.parentElement?.children ?? [])].map(inPage);
    const own = boxes[from] ?? { top: 0, height: 0 };
    const height =
      boxes.length > 1 ? ((boxes.at(-1)?.top ?? 0) - (boxes[0]?.top ?? 0)) / (boxes.length - 1) : 0;
    follow(event, {
      move: ({ dy }) => set({ from, to: placeAt(boxes, from, own.top + own.height / 2 + dy), dy, height }),
      drop: () => {
        const { current: last } = latest;
        set(null);
        if (last && last.to !== from) put(from, last.to);
      },
      cancel: () => set(null),
    });
  };
  return { dragged: dragged && dragged.from < shown.length ? dragged : null, press };
}

interface Box {
  top: number;
  height: number;
}

function inPage(element: Element): Box {
  const { top, height } = element.getBoundingClientRect();
  return { top: top + scrollY, height };
}

/** The place at which an entry comes whose middle is at `y`: past as many of the others as lie above. */
export const placeAt = (boxes: Box[], from: number, y: number): number =>
  boxes.filter(({ top, height }, index) => index !== from && top + height / 2 < y).length;

/** How an entry is drawn while one is dragged: that one under the pointer, the others out of its way. */
function shifted({ from, to, dy, height }: Dragged, index: number): Record<string, string> {
  if (index === from) return { transform: `translateY(${dy}px)` };
  const isBetween = from < index ? index <= to : index >= to;
  const way = isBetween && index !== from ? (from < index ? -height : height) : 0;
  return way === 0 ? {} : { transform: `translateY(${way}px)` };
}

interface MoverProps {
  index: number;
  count: number;
  disabled: boolean;
  moveTo: (to: number, button: EventTarget | null) => void;
}

/** Up and down for one entry. At an end a button does nothing but keeps the focus, which a disabled one would lose. */
function Mover({ index, count, disabled, moveTo }: MoverProps) {
  const button = (sign: string, name: string, to: number) => (
    <button
      type="button"
      aria-label={`Move entry ${index + 1} ${name}`}
      aria-disabled={to < 0 || to >= count}
      disabled={disabled}
      onClick={(event) => moveTo(to, event.currentTarget)}
    >
      {sign}
    </button>
  );
  return (
    <span class="ordering-buttons">
      {button("↑", "up", index - 1)}
      {button("↓", "down", index + 1)}
    </span>
  );
}

function Answered({ spec, value, label = "Your answer" }: AnsweredProps<OrderingSpec, string[]>) {
  const htmlOf = new Map(spec.entries.map((entry) => [entry.id, entry.html]));
  if (value.length === 0) return <span class="no-answer">no answer</span>;
  return (
    <ol class="answered-options" aria-label={label}>
      {value.map((entry) => (
        <li key={entry}>
          <Html html={htmlOf.get(entry) ?? ""} />
        </li>
      ))}
    </ol>
  );
}

/** Untouched, the order on the screen is nobody's answer; so the value stays empty until something was moved. */
export const ordering: InteractionKind<OrderingSpec, string[]> = {
  layout: "block",
  readSpec: (raw) => ({ entries: readEntries(raw.entries) }),
  readValue: (stored, { entries }) => {
    const ids = readStrings(stored).filter((id) => entries.some((entry) => entry.id === id));
    return ids.length === entries.length ? ids : [];
  },
  isComplete: (value) => value.length > 0,
  Input,
  Answered,
};
