import { Html } from "../components/Html";
import { isRecord } from "../state/storage";
import type { InputProps, InteractionKind } from "./kind";
import { plainText } from "./plain";
import { type Entry, readEntries, readString } from "./reading";

interface MatchingSpec {
  left: Entry[];
  right: Entry[];
}

type Pairs = Record<string, string>;

function Input({
  spec,
  value,
  onChange,
  disabled,
  label,
  id,
  describedBy,
  invalid,
}: InputProps<MatchingSpec, Pairs>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the legend would repeat the label
    <div class="matching" role="group" aria-label={label} aria-describedby={describedBy}>
      {spec.left.map((entry) => (
        <div class="matching-row" key={entry.id}>
          <label for={`${id}-${entry.id}`}>
            <Html html={entry.html} />
          </label>
          <select
            id={`${id}-${entry.id}`}
            class="field"
            disabled={disabled}
            aria-invalid={invalid || undefined}
            value={value[entry.id] ?? ""}
            onChange={(event) => onChange(paired(value, entry.id, event.currentTarget.value))}
          >
            <option value="">Choose…</option>
            {spec.right.map((option) => (
              <option key={option.id} value={option.id}>
                {plainText(option.html)}
              </option>
            ))}
          </select>
        </div>
      ))}
    </div>
  );
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
