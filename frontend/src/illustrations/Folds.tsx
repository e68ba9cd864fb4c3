import { useId, useMemo, useState } from "preact/hooks";
import {
  cut,
  drawRows,
  drawStrangers,
  errorOfNewcomers,
  foldErrors,
  leaks,
  peopleIn,
  type Row,
  summary,
} from "../numbers/folds";
import { amount } from "./parts/amounts";
import { Choices } from "./parts/Choices";
import { CopyLink } from "./parts/CopyLink";
import { Decoration } from "./parts/Decoration";
import { Entry, Legend } from "./parts/Legend";
import { useLinkedFlag, useLinkedNumber } from "./parts/linked";
import { Note } from "./parts/Note";
import { NumbersTable } from "./parts/NumbersTable";
import { PlayButtons } from "./parts/PlayButtons";
import { usePlay } from "./parts/play";
import { Reading } from "./parts/Reading";
import { Slider } from "./parts/Slider";
import { Stage } from "./parts/Stage";
import type { IllustrationProps } from "./plug";

export interface FoldsSettings {
  folds: number;
  rows: number;
  shuffle: boolean;
  grouped: boolean;
  seed: number;
}

const FOLDS = { low: 2, high: 10, whole: true };
const SEED = { low: 0, high: 1000, whole: true };

/** Which rows train and which validate in each round of cross-validation, and what comes out. */
export function Folds({ settings, id }: IllustrationProps<FoldsSettings>) {
  const [wanted, setWanted] = useLinkedNumber(id, "folds", FOLDS, settings.folds);
  const [shuffle, setShuffle] = useLinkedFlag(id, "shuffle", settings.shuffle);
  const [grouped, setGrouped] = useLinkedFlag(id, "grouped", settings.grouped);
  const [seed, setSeed] = useLinkedNumber(id, "seed", SEED, settings.seed);
  const [followed, setFollowed] = useState(0);
  // Whose text has not come to groups yet, its figure leaves them out.
  const hasPeople = settings.grouped || grouped;
  const most = grouped ? Math.min(FOLDS.high, peopleIn(settings.rows)) : FOLDS.high;
  const folds = Math.min(wanted, most);
  const play = usePlay(folds, 900);
  const round = useMemo(
    () => judged(settings.rows, { folds, shuffle, grouped, seed }, hasPeople),
    [settings.rows, folds, shuffle, grouped, seed, hasPeople],
  );
  return (
    <>
      <Stage
        label={`${settings.rows} rows in ${folds} rounds of cross-validation`}
        height={() => GRID.top + folds * LINE + GRID.bottom}
      >
        {(width) => <Rounds width={width} judged={round} shown={play.shown} followed={followed} />}
      </Stage>
      <Key hasPeople={hasPeople} />
      <Reading words={inWords(round, play.shown, followed)} />
      <div class="controls">
        <Slider label="Folds" low={2} high={most} step={1} value={folds} onChange={setWanted} />
        <Slider
          label="Row to follow"
          low={0}
          high={settings.rows}
          step={1}
          value={followed}
          format={(row) => (row === 0 ? "none" : `${row}`)}
          onChange={setFollowed}
        />
        <Choices
          label="Order of the rows"
          name={`${id}-order`}
          options={[
            ["file", "as in the file"],
            ["shuffled", "shuffled"],
          ]}
          value={shuffle ? "shuffled" : "file"}
          onChange={(order) => setShuffle(order === "shuffled")}
        />
        {hasPeople && (
          <Choices
            label="Rows of one person"
            name={`${id}-groups`}
            options={[
              ["torn", "may be torn apart"],
              ["together", "stay together"],
            ]}
            value={grouped ? "together" : "torn"}
            onChange={(groups) => setGrouped(groups === "together")}
          />
        )}
        <div class="figure-actions">
          <PlayButtons play={play} />
          <button
            type="button"
            class="button quiet small"
            onClick={() => setSeed((seed + 1) % (SEED.high + 1))}
          >
            Other data
          </button>
          <CopyLink id={id} state={{ folds, shuffle: Number(shuffle), grouped: Number(grouped), seed }} />
        </div>
      </div>
      <Note>
        Each row has two features and a value{hasPeople && ", and the rows of a person are nearly alike"}. The
        model predicts the value of the most similar training row. The score is its mean squared error.
      </Note>
      <NumbersTable
        title="The rounds"
        columns={["Round", "Rows that validate", ...(hasPeople ? ["Of them seen"] : []), "Error"]}
        rows={round.errors.map((error, fold) => {
          const validating = places(round, fold);
          return [
            `${fold + 1}`,
            validating.map((row) => `${row + 1}${letter(round, row)}`).join(", "),
            ...(hasPeople
              ? [`${validating.filter((row) => round.leaking[row]).length} of ${validating.length}`]
              : []),
            amount(error),
          ];
        })}
      />
    </>
  );
}

interface Judged {
  hasPeople: boolean;
  rows: Row[];
  foldOf: number[];
  leaking: boolean[];
  errors: number[];
  newcomers: number;
}

function judged(count: number, how: Parameters<typeof cut>[1], hasPeople: boolean): Judged {
  const rows = hasPeople ? drawRows(count, how.seed) : drawStrangers(count, how.seed);
  const foldOf = cut(rows, how);
  return {
    hasPeople,
    rows,
    foldOf,
    leaking: leaks(rows, foldOf),
    errors: foldErrors(rows, foldOf, how.folds),
    newcomers: errorOfNewcomers(rows, how.seed),
  };
}

const places = ({ foldOf }: Judged, fold: number): number[] =>
  foldOf.flatMap((its, row) => (its === fold ? [row] : []));

/** The person of a row; nothing where each row is one. */
const letter = ({ rows, hasPeople }: Judged, row: number): string =>
  hasPeople ? String.fromCharCode(65 + (rows[row]?.person ?? 0)) : "";

const LINE = 27;
const GRID = { left: 22, right: 50, top: 30, bottom: 30 };

interface RoundsProps {
  width: number;
  judged: Judged;
  shown: number;
  /** The row that is followed, from 1; 0 for none. */
  followed: number;
}

function Rounds({ width, judged, shown, followed }: RoundsProps) {
  const hatch = useId();
  const { rows, errors, hasPeople } = judged;
  const cell = (width - GRID.left - GRID.right) / rows.length;
  const bottom = GRID.top + errors.length * LINE;
  const { mean } = summary(errors);
  return (
    <Decoration class="folds">
      <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="folds-validating" width="5" height="5" />
        <path class="folds-hatch" d="M0 0V5" />
      </pattern>
      {hasPeople && <People judged={judged} cell={cell} />}
      <text class="folds-soft" x={width} y={GRID.top - 8} text-anchor="end">
        error
      </text>
      {errors.map((error, fold) => (
        <g key={fold} transform={`translate(0 ${GRID.top + fold * LINE})`}>
          <text class="folds-soft" x={GRID.left - 8} y={17} text-anchor="end">
            {fold + 1}
          </text>
          {fold >= shown && (
            <rect
              class="folds-coming"
              x={GRID.left}
              y={2}
              width={cell * rows.length}
              height={LINE - 5}
              rx="3"
            />
          )}
          {fold < shown && (
            <>
              <Line judged={judged} fold={fold} cell={cell} fill={`url(#${hatch})`} />
              <text x={width} y={17} text-anchor="end">
                {score(error)}
              </text>
            </>
          )}
          {fold === shown - 1 && shown < errors.length && (
            <rect
              class="folds-now"
              x={GRID.left - 2}
              y={0}
              width={cell * rows.length + 4}
              height={LINE - 1}
            />
          )}
        </g>
      ))}
      {followed > 0 && (
        <rect
          class="folds-followed"
          x={GRID.left + (followed - 1) * cell - 1}
          y={GRID.top - 24}
          width={cell + 1}
          height={bottom - GRID.top + 26}
          rx="3"
        />
      )}
      {shown === errors.length && (
        <text class="strong" x={width} y={bottom + 20} text-anchor="end">
          mean {score(mean)}
        </text>
      )}
    </Decoration>
  );
}

/** Two decimals: the scores stand one below the other. */
const score = (error: number): string => error.toFixed(2);

/** A band above the rows: who they come from. */
function People({ judged, cell }: { judged: Judged; cell: number }) {
  const { rows } = judged;
  const people = [...new Set(rows.map(({ person }) => person))];
  return (
    <>
      {people.map((person) => {
        const first = rows.findIndex((row) => row.person === person);
        const count = rows.filter((row) => row.person === person).length;
        return (
          <g key={person} transform={`translate(${GRID.left + first * cell} ${GRID.top - 24})`}>
            <rect
              class="folds-person"
              data-even={person % 2 === 0}
              width={count * cell - 1}
              height="18"
              rx="3"
            />
            <text x={(count * cell - 1) / 2} y="13.5" text-anchor="middle">
              {letter(judged, first)}
            </text>
          </g>
        );
      })}
    </>
  );
}

interface LineProps {
  judged: Judged;
  fold: number;
  cell: number;
  fill: string;
}

/** One round: which rows validate, and which of them the model has met before. */
function Line({ judged: { rows, foldOf, leaking }, fold, cell, fill }: LineProps) {
  const gap = cell > 8 ? 1.5 : 0.7;
  return (
    <>
      {rows.map((_, row) => {
        const isValidating = foldOf[row] === fold;
        const x = GRID.left + row * cell;
        return (
          <g key={row}>
            <rect
              class="folds-training"
              x={x}
              y={2}
              width={cell - gap}
              height={LINE - 5}
              rx={Math.min(3, cell / 4)}
              {...(isValidating && { fill, class: "folds-judging" })}
            />
            {isValidating && leaking[row] && (
              <circle
                class="folds-leak"
                cx={x + (cell - gap) / 2}
                cy={LINE / 2 - 0.5}
                r={Math.min(3.4, cell / 2.6)}
              />
            )}
          </g>
        );
      })}
    </>
  );
}

function Key({ hasPeople }: { hasPeople: boolean }) {
  return (
    <Legend>
      <Entry sample={<rect class="folds-training" x="8" width="12" height="12" rx="2" />}>trains</Entry>
      <Entry sample={<HatchedSample />}>validates</Entry>
      {hasPeople && (
        <Entry
          sample={
            <>
              <HatchedSample />
              <circle class="folds-leak" cx="14" cy="6" r="3.4" />
            </>
          }
        >
          validates, while its person also trains
        </Entry>
      )}
    </Legend>
  );
}

const HatchedSample = () => (
  <>
    <rect class="folds-validating" x="8" width="12" height="12" rx="2" />
    <path class="folds-hatch" d="M9 5L13 1M8 12L19.500 0.500M14 12L20 6" />
  </>
);

function inWords(judged: Judged, shown: number, followed: number): string {
  return [scores(judged, shown), ofRow(judged, followed)].filter(Boolean).join(" ");
}

function scores(judged: Judged, shown: number): string {
  const { errors, leaking, rows, newcomers, hasPeople } = judged;
  if (shown === 0) return "Play or step through the rounds: each row validates exactly once.";
  if (shown < errors.length) {
    const count = places(judged, shown - 1).length;
    const error = amount(errors[shown - 1] ?? 0);
    return `Round ${shown}: ${count} rows validate, ${rows.length - count} train. The error is ${error}.`;
  }
  const { mean, standardError } = summary(errors);
  const result = `Mean error ${score(mean)} ± ${score(standardError)} (standard error).`;
  if (!hasPeople) return `${result} Each row has validated exactly once.`;
  const seen = leaking.filter(Boolean).length;
  const told =
    seen === 0
      ? "No row is judged by a model that has seen its person."
      : `${seen} of ${rows.length} rows are judged by a model that has seen their person, which makes it look too good.`;
  return `${result} ${told} For new people the error is ${score(newcomers)}.`;
}

function ofRow(judged: Judged, followed: number): string {
  const { foldOf, errors, hasPeople } = judged;
  const fold = foldOf[followed - 1];
  if (fold === undefined) return "";
  const others = errors.length === 2 ? "the other" : `the ${errors.length - 1} others`;
  const person = hasPeople ? ` of person ${letter(judged, followed - 1)}` : "";
  return `Row ${followed}${person} validates in round ${fold + 1} and trains in ${others}.`;
}
