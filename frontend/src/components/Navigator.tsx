import { useLayoutEffect, useRef } from "preact/hooks";
import type { AttemptPresentation } from "../api/types";
import { Check, Cross, Flag, Partly } from "./icons";
import { outcomeOfShare } from "./Verdict";
import { capitalised } from "./words";

export interface NavigatorProps {
  entries: AttemptPresentation[];
  /** How many items the attempt will have. */
  total: number;
  /** Then `total` is the most there can be. */
  grows: boolean;
  current: number | null;
  /** The positions that are flagged for later. */
  flagged: ReadonlySet<number>;
  onOpen: (position: number) => void;
}

/** The items of the attempt by section: a circle waits, a diamond is answered. */
export function Navigator({ entries, total, grows, current, flagged, onOpen }: NavigatorProps) {
  const ahead = Math.max(0, total - entries.length);
  const answered = entries.filter((entry) => entry.state === "answered").length;
  const row = useCurrentInSight(current);
  return (
    <nav class="navigator" aria-label="Questions">
      <p class="navigator-count">
        <strong>{answered}</strong> of {grows && "at most "}
        {total} answered
      </p>
      <div class="navigator-row" ref={row}>
        {bySection(entries).map(({ section, members }) => (
          <div class="navigator-section" key={section}>
            {section && <h2>{section}</h2>}
            <ol>
              {members.map((entry) => (
                <li key={entry.position}>
                  <Marker
                    entry={entry}
                    isCurrent={entry.position === current}
                    isFlagged={flagged.has(entry.position)}
                    onOpen={onOpen}
                  />
                </li>
              ))}
            </ol>
          </div>
        ))}
        {ahead > 0 && !grows && <p class="navigator-ahead">and {ahead} more</p>}
      </div>
    </nav>
  );
}

/** On a phone the questions are one row that scrolls: the open one stays in its middle. */
function useCurrentInSight(current: number | null) {
  const row = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const marker = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (!row.current || !marker) return;
    const { left, width } = marker.getBoundingClientRect();
    const { left: from, width: room } = row.current.getBoundingClientRect();
    row.current.scrollLeft += left - from - (room - width) / 2;
  }, [current]);
  return row;
}

interface MarkerProps {
  entry: AttemptPresentation;
  isCurrent: boolean;
  isFlagged: boolean;
  onOpen: (position: number) => void;
}

function Marker({ entry, isCurrent, isFlagged, onOpen }: MarkerProps) {
  const { position, state, score, max_score } = entry;
  const outcome = state === "answered" ? outcomeOfShare(score === null ? null : score / max_score) : "open";
  const words = `${SPOKEN[outcome]}${isFlagged ? ", flagged" : ""}`;
  return (
    <button
      type="button"
      class="marker"
      data-outcome={outcome}
      aria-current={isCurrent ? "step" : undefined}
      aria-label={`Question ${position}, ${words}`}
      title={capitalised(words)}
      onClick={() => onOpen(position)}
    >
      <span class="marker-shape" />
      <span class="marker-figure">{SIGNS[outcome] ?? position}</span>
      {isFlagged && (
        <span class="marker-flag">
          <Flag />
        </span>
      )}
    </button>
  );
}

const SPOKEN: Record<string, string> = {
  open: "not answered",
  recorded: "answered",
  right: "full score",
  partly: "part of the score",
  wrong: "no score",
};

const SIGNS: Record<string, preact.VNode> = { right: <Check />, partly: <Partly />, wrong: <Cross /> };

interface Group<Entry> {
  section: string;
  members: Entry[];
}

/** Neighbors of the same section together, in the order of their positions. */
export function bySection<Entry extends { section: string }>(entries: Entry[]): Group<Entry>[] {
  const groups: Group<Entry>[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.section === entry.section) last.members.push(entry);
    else groups.push({ section: entry.section, members: [entry] });
  }
  return groups;
}
