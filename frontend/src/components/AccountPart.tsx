import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { me } from "../state/session";
import { Field, HiddenName } from "./Form";

interface PartProps {
  id: string;
  title: string;
  /** What has just been done, for eyes and ears. */
  done?: Signal<string>;
  children: ComponentChildren;
}

/** One thing that can be done with an account. */
export function AccountPart({ id, title, done, children }: PartProps) {
  return (
    <section class="card account-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
      {done && (
        <p role="status" class="account-done">
          {done.value}
        </p>
      )}
    </section>
  );
}

export const FORM = "account-form";
/** Whose account it is. */
export const username = () => me.value?.username ?? "";

/** Proves that it is the owner who sits before the open session. */
export const CurrentPassword = ({
  id,
  name = "password",
  failure,
}: {
  id: string;
  name?: string;
  failure: unknown;
}) => (
  <>
    <HiddenName username={username()} />
    <Field
      name={name}
      id={id}
      type="password"
      label="Current password"
      autoComplete="current-password"
      failure={failure}
    />
  </>
);
