import { type Signal, useSignal } from "@preact/signals";
import * as api from "../api/calls";
import type { Key, Scope } from "../api/types";
import { useResource } from "../state/resource";
import { AccountPart, CurrentPassword, FORM } from "./AccountPart";
import { FailureNote } from "./FailureNote";
import { type Entered, Field, Form } from "./Form";
import { Loaded } from "./Loaded";
import { ShownOnce } from "./ShownOnce";
import { day } from "./words";

/** What a key may do, in words. What only instructors may give is given at the desk. */
const SCOPES: Partial<Record<Scope, string>> = {
  "catalogue:read": "Read lessons and assessments",
  "attempts:read": "Read your attempts",
  "attempts:write": "Start attempts and answer in them",
  practice: "Practice",
  "progress:read": "Read your progress",
  courses: "Run the courses that you teach: bring learners, join codes, copies",
  accommodations: "Arrange more time and tries for those whom you teach",
  "gradebook:read": "Read the grades of those whom you teach",
  "gradebook:write": "Give grades to those whom you teach",
  "statistics:read": "Read item statistics of what you teach or write",
  corrections: "Correct what was answered to questions of yours",
};
const LIVES: readonly [days: number, words: string][] = [
  [30, "30 days"],
  [90, "90 days"],
  [365, "A year"],
  [0, "Until I revoke it"],
];
const A_DAY = 86_400_000;

/** The keys by which programs of somebody speak to the API. */
export function Keys() {
  const loaded = useResource("keys", api.keys);
  const made = useSignal<{ name: string; token: string } | null>(null);
  const done = useSignal("");
  if (made.value)
    return (
      <ShownOnce
        id="new-key"
        title="Your new key"
        text={made.value.token}
        hint="Keep it like a password. It is not shown again."
        action="I have kept it"
        done={() => {
          made.value = null;
          loaded.reload();
        }}
      >
        <p>
          For <strong>{made.value.name}</strong> at {location.host}. Send it with each request:{" "}
          <code>Authorization: Bearer …</code>
        </p>
      </ShownOnce>
    );
  return (
    <AccountPart id="keys-part" title="Keys for programs" done={done}>
      <p class="hint">
        A program of yours can do what you can, by a key and within limits that you set.{" "}
        <a href="/api/v1/docs/">What the API can do</a>
      </p>
      <Loaded from={loaded}>
        {(keys) => (
          <>
            {keys.length > 0 && (
              <ul class="api-keys">
                {keys.map((key) => (
                  <OneKey key={key.id} mine={key} made={made} done={done} reload={loaded.reload} />
                ))}
              </ul>
            )}
            <NewKey made={made} />
          </>
        )}
      </Loaded>
    </AccountPart>
  );
}

interface OneKeyProps {
  mine: Key;
  made: Signal<{ name: string; token: string } | null>;
  done: Signal<string>;
  reload: () => void;
}

function OneKey({ mine, made, done, reload }: OneKeyProps) {
  const isReplaced = useSignal(false);
  const failure = useSignal<unknown>(null);
  const revoke = async () => {
    try {
      await api.revokeKey(mine.id);
      done.value = `“${mine.name}” is revoked: it opens nothing any more.`;
      reload();
    } catch (error) {
      failure.value = error;
    }
  };
  const replace = async (entered: Entered) => {
    const { name, token } = await api.rotateKey(mine.id, entered("password"));
    made.value = { name, token };
  };
  const keep = (
    <button type="button" class="button quiet" onClick={() => (isReplaced.value = false)}>
      Leave it
    </button>
  );
  return (
    <li>
      <strong>{mine.name}</strong> <code>{mine.beginning}…</code>
      <p class="hint">{lifeOf(mine)}</p>
      <FailureNote failure={failure.value} />
      {isReplaced.value ? (
        <Form class={FORM} fields={["password"]} action="Replace the key" beside={keep} send={replace}>
          {(refused) => <CurrentPassword id={`password-${mine.id}`} failure={refused} />}
        </Form>
      ) : (
        <div class="actions">
          <button
            type="button"
            class="button quiet small"
            aria-label={`Replace ${mine.name}`}
            onClick={() => (isReplaced.value = true)}
          >
            Replace…
          </button>
          <button
            type="button"
            class="button grave small"
            aria-label={`Revoke ${mine.name}`}
            onClick={() => void revoke()}
          >
            Revoke
          </button>
        </div>
      )}
    </li>
  );
}

export function lifeOf({ scopes, created_at, last_used_at, expires_at }: Key): string {
  const may = scopes.map((scope) => SCOPES[scope] ?? "Grade answers").join("; ");
  const used = last_used_at ? `used last on ${day(last_used_at)}` : "never used";
  const ends = expires_at ? `ends on ${day(expires_at)}` : "holds until it is revoked";
  return `${may}. Made on ${day(created_at)}, ${used}, ${ends}.`;
}

function NewKey({ made }: Pick<OneKeyProps, "made">) {
  const isAsked = useSignal(false);
  const scopes = useSignal<readonly Scope[]>([]);
  const days = useSignal(LIVES[1]?.[0] ?? 0);
  const make = async (entered: Entered) => {
    const expires_at = days.value ? new Date(Date.now() + days.value * A_DAY).toISOString() : null;
    const { name, token } = await api.makeKey({
      name: entered("name"),
      scopes: [...scopes.value],
      expires_at,
      password: entered("password"),
    });
    made.value = { name, token };
  };
  if (!isAsked.value)
    return (
      <div class="actions">
        <button type="button" class="button quiet" onClick={() => (isAsked.value = true)}>
          Make a key…
        </button>
      </div>
    );
  const toggle = (scope: Scope, isOn: boolean) => {
    scopes.value = isOn ? [...scopes.value, scope] : scopes.value.filter((one) => one !== scope);
  };
  return (
    <Form class={FORM} fields={["name", "password"]} action="Make the key" send={make}>
      {(failure) => (
        <>
          <Field
            name="name"
            id="key-name"
            label="What uses it"
            hint="So that you know later what a revocation stops."
            autoComplete="off"
            failure={failure}
          />
          <fieldset class="key-scopes">
            <legend>What it may do</legend>
            {(Object.entries(SCOPES) as [Scope, string][]).map(([scope, words]) => (
              <label key={scope}>
                <input
                  type="checkbox"
                  checked={scopes.value.includes(scope)}
                  onChange={(event) => toggle(scope, event.currentTarget.checked)}
                />
                {words}
              </label>
            ))}
          </fieldset>
          <div class="form-row">
            <label for="key-life">How long it holds</label>
            <select
              id="key-life"
              class="field"
              value={days.value}
              onChange={(event) => {
                days.value = Number(event.currentTarget.value);
              }}
            >
              {LIVES.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </div>
          <CurrentPassword id="key-password" failure={failure} />
        </>
      )}
    </Form>
  );
}
