import type { Answer, InteractionVerdict, RawInteraction } from "../api/types";
import { kindOf } from "../interactions";
import { isRecord } from "../state/storage";
import { Html } from "./Html";
import { Check, Cross } from "./icons";

/** What an item asked and what was answered to it: without it a verdict can name no cell and no option. */
export interface Asked {
  interactions: RawInteraction[];
  answer: Answer | null;
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** A number as the grader read it, with a minus sign; anything else says nothing more than what was typed. */
const asRead = (value: unknown): string | null =>
  typeof value === "number" ? String(value).replace("-", "−") : null;

/** A number as everybody reads it: digits, with a point at most. */
const isPlain = (typed: unknown): boolean => /^\s*[+\-−]?(\d+\.?\d*|\.\d+)\s*$/.test(String(typed));

/**
 * How numbers were read: of a right answer where that is more than the digits typed, as "0.0015" for "1.5e-3", of any
 * other always, as the reading may be the mistake. Null where there is nothing to say.
 */
export function readAs(parsed: unknown, typed: unknown, isRight = true): string | null {
  const read = isList(parsed) ? parsed.map(asRead) : [asRead(parsed)];
  const entered = isList(parsed) ? (isList(typed) ? typed : []) : [typed];
  if (read.length === 0 || read.some((one) => one === null)) return null;
  if (isRight && read.every((_, index) => isPlain(entered[index]))) return null;
  return isList(parsed) ? `(${read.join(", ")})` : (read[0] ?? null);
}

/** The verdict on one interaction in words: how it was read, what is right in it, what it may stem from. */
export function Explained({
  verdict,
  raw,
  typed,
  withMessage,
}: {
  verdict: InteractionVerdict;
  raw: RawInteraction | undefined;
  typed: unknown;
  withMessage: boolean;
}) {
  const { message, misconception, compared, parts, rule } = verdict;
  const read = readAs(verdict.parsed, typed, verdict.score === null || verdict.score >= 1);
  return (
    <>
      {read !== null && <p class="read-as">Read as {read}.</p>}
      {withMessage && message && <p class="verdict-message">{message}</p>}
      {raw && <Parts parts={parts} raw={raw} />}
      {misconception && (
        <div class="misconception">
          <p class="misconception-title">{misconception.title}</p>
          <p class="html">{misconception.explanation}</p>
        </div>
      )}
      {compared && !misconception && <p class="compared">{compared}</p>}
      {rule && <p class="rule">Judged by: {rule}.</p>}
    </>
  );
}

const PART_NAMES: Record<string, string> = { ordering: "Place" };

/** Which parts of an answer are right and which are not; nothing where all are alike, as the outcome says that. */
export function Parts({ parts, raw }: { parts: unknown; raw: RawInteraction }) {
  if (isList(parts) && parts.length > 0 && parts.every(isList)) return <Cells rows={parts} />;
  const named = namedParts(parts, raw);
  if (areAlike(named.map(([, isRight]) => isRight))) return null;
  return (
    <ul class="parts">
      {named.map(([name, isRight], index) => (
        <li key={index} data-right={isRight}>
          <Mark isRight={isRight} /> <Html html={name} />
        </li>
      ))}
    </ul>
  );
}

const areAlike = (parts: unknown[]): boolean => parts.every((part) => part === parts[0]);

function namedParts(parts: unknown, raw: RawInteraction): [string, boolean][] {
  if (isList(parts))
    return parts.map((part, index) => [`${PART_NAMES[raw.kind] ?? "Component"} ${index + 1}`, part === true]);
  if (!isRecord(parts) || !isList(raw.left)) return [];
  return raw.left
    .filter(isRecord)
    .map((entry) => [String(entry.html ?? ""), parts[String(entry.id)] === true] as [string, boolean]);
}

function Cells({ rows }: { rows: unknown[][] }) {
  if (areAlike(rows.flat())) return null;
  return (
    <table class="parts-cells" aria-label="Which cells are right">
      <tbody>
        {rows.map((row, r) => (
          <tr key={r}>
            {row.map((cell, c) => (
              <td key={c} data-right={cell === true}>
                <Mark isRight={cell === true} name={`Row ${r + 1}, column ${c + 1}: `} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Mark = ({ isRight, name = "" }: { isRight: boolean; name?: string }) => (
  <span class="mark">
    {isRight ? <Check /> : <Cross />}
    <span class="visually-hidden">
      {name}
      {isRight ? "right" : "not right"}
    </span>
  </span>
);

/** What would have been right, of the interactions that do not show it among what could be chosen. */
export function RightAnswers({
  interactions,
  right,
  isMarked = false,
}: {
  interactions: RawInteraction[];
  right: Record<string, unknown> | null;
  /** Whether kinds that list all options have marked the right ones already. */
  isMarked?: boolean;
}) {
  const told = interactions.filter((one) => !(isMarked && kindOf(one).marksRight));
  if (right === null || told.length === 0) return null;
  return (
    <div class="right-answers">
      <p class="right-label">{told.length === 1 ? "Right is" : "Right are"}</p>
      {told.map((one) => (
        <div class="answered block" key={one.id}>
          {kindOf(one).right(one, right[one.id])}
        </div>
      ))}
    </div>
  );
}
