import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Html } from "../components/Html";
import { announce } from "../state/announcer";
import { isRecord } from "../state/storage";
import { follow, mayDrag } from "./dragging";
import { Grip } from "./grip";
import type { InputProps, InteractionKind } from "./kind";
import { plainText } from "./plain";
import { type Entry, readEntries, readString } from "./reading";

interface MatchingSpec {
  left: Entry[];
  right: Entry[];
}

type Pairs = Record<string, string>;
type Props = InputProps<MatchingSpec, Pairs>;

/** A partner in the hand, over the row at `over`; `by` a pointer it follows that, else the arrow keys. */
interface Held {
  right: string;
  over: number | null;
  by: "keys" | "pointer";
}

function Input(props: Props) {
  const { spec, value, disabled, label, describedBy } = props;
  const hand = useHand(props);
  const { held } = hand;
  const used = new Set(Object.values(value));
  const waiting = spec.right.filter((entry) => !used.has(entry.id));
  return (
    // biome-ignore lint/a11y/useSemanticElements: the legend would repeat the label
    <div class="matching" role="group" aria-label={label} aria-describedby={describedBy}>
      {spec.left.map((entry, row) => (
        <Row
          {...props}
          key={entry.id}
          entry={entry}
          isTarget={held?.over === row}
          put={held?.by === "keys" ? () => hand.put(row) : null}
          takeBack={() => hand.takeBack(entry.id)}
        />
      ))}
      {!disabled && waiting.length > 0 && <Waiting {...props} entries={waiting} hand={hand} />}
    </div>
  );
}

const KEYS = "Space grabs and puts down, arrow keys choose the place, Escape cancels.";

/** Taking a partner in the hand and putting it to a row, by keys or by a pointer. */
function useHand({ spec, value, onChange, id, disabled }: Props) {
  const [held, setHeld] = useState<Held | null>(null);
  // What was sent is out of the hand.
  useEffect(() => setHeld((now) => (disabled ? null : now)), [disabled]);
  const focusNext = useNextFocus();
  const nameOf = (entries: Entry[], one: string) =>
    plainText(entries.find((entry) => entry.id === one)?.html ?? "");
  const rowWords = (row: number) => {
    const { id: left = "" } = spec.left[row] ?? {};
    const partner = nameOf(spec.right, value[left] ?? "");
    return `${nameOf(spec.left, left)}, ${row + 1} of ${spec.left.length}${partner && `, now ${partner}`}.`;
  };
  const pair = (row: number, right: string) => {
    const left = spec.left[row]?.id ?? "";
    const after = paired(value, left, right);
    const open = spec.left.length - Object.keys(after).length;
    focusNext(`${id}-${left}`);
    setHeld(null);
    onChange(after);
    const rest = open === 0 ? "Every one has a partner." : `${open} left.`;
    announce(`${nameOf(spec.right, right)} goes with ${nameOf(spec.left, left)}. ${rest}`);
  };
  const cancel = () => {
    setHeld(null);
    announce("Canceled.");
  };
  return {
    held,
    cancel,
    put: (row: number) => held && pair(row, held.right),
    grab: (right: string) => {
      setHeld({ right, over: 0, by: "keys" });
      announce(`Grabbed ${nameOf(spec.right, right)}. Over ${rowWords(0)} ${KEYS}`);
    },
    holdOver: (row: number) => {
      setHeld((now) => now && { ...now, over: row });
      announce(`Over ${rowWords(row)}`);
    },
    drag: (right: string, over: number | null) => setHeld({ right, over, by: "pointer" }),
    /** End a drag: over a row that pairs, elsewhere the partner goes back. */
    drop: (right: string, over: number | null) => (over === null ? setHeld(null) : pair(over, right)),
    takeBack: (left: string) => {
      const right = value[left] ?? "";
      focusNext(`${id}-${right}-partner`);
      onChange(paired(value, left, ""));
      announce(`${nameOf(spec.right, right)} is taken back.`);
    },
  };
}

type Hand = ReturnType<typeof useHand>;

/** Focus an element as soon as it is drawn. */
function useNextFocus(): (id: string) => void {
  const next = useRef("");
  useLayoutEffect(() => {
    const element = next.current ? document.getElementById(next.current) : null;
    if (!element) return;
    next.current = "";
    element.focus();
  });
  return (id) => {
    next.current = id;
  };
}

interface RowProps extends Props {
  entry: Entry;
  isTarget: boolean;
  /** Puts what is in the hand here; null while nothing is. */
  put: (() => void) | null;
  takeBack: () => void;
}

/** An entry of the left with its partner, chosen from a list; one that is a formula stands beside the list as it is set. */
function Row({ spec, value, onChange, disabled, id, invalid, entry, isTarget, put, takeBack }: RowProps) {
  const chosen = spec.right.find((one) => one.id === value[entry.id]);
  return (
    <div class="matching-row" data-target={isTarget}>
      <label for={`${id}-${entry.id}`}>
        <Html html={entry.html} />
      </label>
      <span class="matching-partner">
        <select
          id={`${id}-${entry.id}`}
          class="field"
          disabled={disabled}
          aria-invalid={invalid || undefined}
          value={chosen?.id ?? ""}
          onChange={(event) => onChange(paired(value, entry.id, event.currentTarget.value))}
        >
          <option value="">Choose…</option>
          {spec.right.map((option) => (
            <option key={option.id} value={option.id}>
              {plainText(option.html)}
            </option>
          ))}
        </select>
        {chosen && !disabled && !put && (
          <button
            type="button"
            class="take-back"
            aria-label={`Take back ${plainText(chosen.html)}`}
            onClick={takeBack}
          >
            ×
          </button>
        )}
        {put && (
          <button type="button" class="button small" onClick={put}>
            Put here
          </button>
        )}
        {chosen?.html.includes("<math") && (
          <span class="matching-formula" aria-hidden="true">
            <Html html={chosen.html} />
          </span>
        )}
      </span>
    </div>
  );
}

/** What has no partner yet, to be taken and put to one. */
function Waiting({ id, spec, entries, hand }: Props & { entries: Entry[]; hand: Hand }) {
  return (
    <div class="waiting">
      <p class="waiting-title" id={`${id}-waiting`}>
        Left to match
      </p>
      <p class="visually-hidden" id={`${id}-keys`}>
        {KEYS}
      </p>
      <ul aria-labelledby={`${id}-waiting`}>
        {entries.map((entry) => (
          <Partner key={entry.id} id={id} entry={entry} count={spec.left.length} hand={hand} />
        ))}
      </ul>
    </div>
  );
}

interface PartnerProps {
  id: string;
  entry: Entry;
  /** How many rows there are. */
  count: number;
  hand: Hand;
}

function Partner({ id, entry, count, hand }: PartnerProps) {
  const [hanging, setHanging] = useState<{ dx: number; dy: number } | null>(null);
  const isHeld = hand.held?.right === entry.id;
  const over = (isHeld && hand.held?.over) || 0;
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (!mayDrag(event)) return;
    const rows = [...(event.currentTarget.closest(".matching")?.querySelectorAll(".matching-row") ?? [])];
    let below: number | null = null;
    const end = (row: number | null) => {
      setHanging(null);
      hand.drop(entry.id, row);
    };
    follow(event, {
      move: ({ x, y, dx, dy }) => {
        below = rowAt(rows, x, y);
        setHanging({ dx, dy });
        hand.drag(entry.id, below);
      },
      drop: () => end(below),
      cancel: () => end(null),
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rowFor(event.key, over, count);
    if (!isHeld || (row === null && event.key !== "Escape")) return;
    event.preventDefault();
    if (row === null) hand.cancel();
    else hand.holdOver(row);
  };
  const press = ({ detail }: MouseEvent) => {
    if (!isHeld) hand.grab(entry.id);
    // Space puts it where the arrow keys led; a tap on what is in the hand lets go.
    else if (detail === 0) hand.put(over);
    else hand.cancel();
  };
  return (
    <li
      class="partner"
      data-grabbed={isHeld}
      style={hanging ? { transform: `translate(${hanging.dx}px, ${hanging.dy}px)` } : undefined}
      onPointerDown={onPointerDown}
    >
      <button
        type="button"
        class="grip"
        id={`${id}-${entry.id}-partner`}
        aria-label={`Match ${plainText(entry.html)}`}
        aria-pressed={isHeld}
        aria-describedby={`${id}-keys`}
        onClick={press}
        onKeyDown={onKeyDown}
      >
        <Grip />
      </button>
      <Html html={entry.html} class="option-text" />
    </li>
  );
}

function rowAt(rows: Element[], x: number, y: number): number | null {
  const row = rows.findIndex((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return x >= left && x <= right && y >= top && y <= bottom;
  });
  return row < 0 ? null : row;
}

/** The row that a key leads to, or null where it leads nowhere. */
function rowFor(key: string, over: number, count: number): number | null {
  const rows: Record<string, number> = {
    ArrowUp: Math.max(0, over - 1),
    ArrowLeft: Math.max(0, over - 1),
    ArrowDown: Math.min(count - 1, over + 1),
    ArrowRight: Math.min(count - 1, over + 1),
    Home: 0,
    End: count - 1,
  };
  return rows[key] ?? null;
}

function paired(pairs: Pairs, left: string, right: string): Pairs {
  const { [left]: _, ...rest } = pairs;
  return right === "" ? rest : { ...rest, [left]: right };
}

function Answered({ spec, value }: { spec: MatchingSpec; value: Pairs }) {
  const htmlOf = new Map(spec.right.map((entry) => [entry.id, entry.html]));
  return (
    <dl class="answered-pairs">
      {spec.left.map((entry) => (
        <div key={entry.id}>
          <dt>
            <Html html={entry.html} />
          </dt>
          <dd>
            <Html html={htmlOf.get(value[entry.id] ?? "") ?? "–"} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

export const matching: InteractionKind<MatchingSpec, Pairs> = {
  layout: "block",
  readSpec: (raw) => ({ left: readEntries(raw.left), right: readEntries(raw.right) }),
  readValue: (stored, { left }) => {
    const pairs = isRecord(stored) ? stored : {};
    return Object.fromEntries(
      left.map(({ id }) => [id, readString(pairs[id])]).filter(([, right]) => right !== ""),
    );
  },
  isComplete: (value, { left }) => left.every(({ id }) => id in value),
  Input,
  Answered,
};
