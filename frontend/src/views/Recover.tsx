import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import * as api from "../api/calls";
import { ApiFailure } from "../api/failure";
import { type Entered, Field, Form, PASSWORD_HINT } from "../components/Form";
import { Screen } from "../components/Screen";
import { navigate, place } from "../router";
import { recover } from "../state/account";
import { announce } from "../state/announcer";

const arriveAt = (): void => {
  navigate("/account", { replace: true });
  announce("Your password is changed, and you are signed in.");
};

/** Back in without the password: by the link of a mail, which leads here, or by the recovery code. */
export function Recover() {
  // Read once, and taken out of the address, which others may see and the history keeps.
  const [token] = useState(() => place.value.searchParams.get("token"));
  const isUsedUp = useSignal(false);
  useEffect(() => {
    if (token) navigate("/recover", { replace: true });
  }, [token]);
  if (token && !isUsedUp.value) return <ByLink token={token} refuse={() => (isUsedUp.value = true)} />;
  return (
    <Screen title={token ? "This link does not work" : "Forgot your password?"} class="narrow account-screen">
      {token && <p>It has been used, is too old or is not whole. Ask for another one.</p>}
      <ByMail />
      <ByCode />
      <p>
        Neither of both? Whoever runs this site can set a new password for you. Or go back to{" "}
        <a href="/sign-in">Sign in</a>.
      </p>
    </Screen>
  );
}

function ByLink({ token, refuse }: { token: string; refuse: () => void }) {
  const send = async (entered: Entered) => {
    try {
      await recover({ token }, entered("password"));
      arriveAt();
    } catch (failure) {
      if (!(failure instanceof ApiFailure && failure.about("token"))) throw failure;
      refuse();
    }
  };
  return (
    <Screen title="Choose a new password" class="narrow account-screen">
      <Form fields={["password"]} action="Change the password" send={send}>
        {(failure) => (
          <>
            <NewPassword failure={failure} />
            <p class="hint">You are signed in with it here, and signed out everywhere else.</p>
          </>
        )}
      </Form>
    </Screen>
  );
}

function ByMail() {
  const answer = useSignal<string | null>(null);
  const send = async (entered: Entered) => {
    answer.value = (await api.askForRecovery(entered("name"))).detail;
  };
  return (
    <section aria-labelledby="by-mail">
      <h2 id="by-mail">With a link by e-mail</h2>
      <Form fields={["name"]} action="Send a link" send={send}>
        {(failure) => (
          <Field
            name="name"
            id="mail-name"
            label="Name or e-mail address"
            autoComplete="username"
            failure={failure}
          />
        )}
      </Form>
      <p role="status" class={answer.value ? "aside" : "visually-hidden"}>
        {answer.value}
      </p>
    </section>
  );
}

function ByCode() {
  const send = async (entered: Entered) => {
    await recover({ name: entered("name"), code: entered("code") }, entered("password"));
    arriveAt();
  };
  return (
    <section aria-labelledby="by-code">
      <h2 id="by-code">With your recovery code</h2>
      <Form fields={["name", "code", "password"]} action="Change the password" send={send}>
        {(failure) => (
          <>
            <Field name="name" label="Name" autoComplete="username" failure={failure} />
            <Field name="code" label="Recovery code" autoComplete="one-time-code" failure={failure} />
            <NewPassword failure={failure} />
          </>
        )}
      </Form>
    </section>
  );
}

const NewPassword = ({ failure }: { failure: unknown }) => (
  <Field
    name="password"
    type="password"
    label="New password"
    autoComplete="new-password"
    hint={PASSWORD_HINT}
    failure={failure}
  />
);
