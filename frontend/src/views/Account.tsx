import { useSignal } from "@preact/signals";
import * as api from "../api/calls";
import { asksForCode } from "../api/failure";
import { FailureNote } from "../components/FailureNote";
import { type Entered, Field, Form, PASSWORD_HINT } from "../components/Form";
import { RecoveryCode } from "../components/RecoveryCode";
import { Screen } from "../components/Screen";
import { destination } from "../paths";
import { navigate, place } from "../router";
import { me, signIn, signUp } from "../state/session";

type Mode = "sign-in" | "sign-up";

const TITLES: Record<Mode, string> = { "sign-in": "Sign in", "sign-up": "Create an account" };

/** Go to the screen that sent us here. */
function goOn(): void {
  const { href, isApp } = destination(place.value.searchParams.get("then"));
  if (isApp) navigate(href, { replace: true });
  else location.assign(href);
}

export function Account({ mode }: { mode: Mode }) {
  const joined = useSignal<Joined | null>(null);
  // Whoever has just signed up is no guest any more, and reads on here.
  if (joined.value) return <Welcome {...joined.value} />;
  const greet = (entered: Entered) => {
    joined.value = { username: entered("username"), password: entered("password") };
  };
  return (
    <Screen title={TITLES[mode]} class="narrow account-screen">
      {me.value?.is_guest && <p class="aside">Everything you have done here as a guest comes with you.</p>}
      {mode === "sign-in" ? <SignIn /> : <SignUp greet={greet} />}
      <Alternative mode={mode} />
    </Screen>
  );
}

const FIELDS = ["username", "password"];
const FIELDS_WITH_CODE = [...FIELDS, "code"];

function SignIn() {
  // Only accounts with a second factor are asked for a code, once the password was right.
  const needsCode = useSignal(false);
  const send = async (entered: Entered) => {
    try {
      await signIn(entered("username"), entered("password"), entered("code"));
    } catch (failure) {
      if (asksForCode(failure)) needsCode.value = true;
      throw failure;
    }
    goOn();
  };
  return (
    <Form fields={FIELDS_WITH_CODE} action="Sign in" send={send}>
      {(failure) => (
        <>
          <Field name="username" label="Name" autoComplete="username" failure={failure} />
          <Field
            name="password"
            type="password"
            label="Password"
            autoComplete="current-password"
            failure={failure}
          />
          {needsCode.value && (
            <Field
              name="code"
              label="Code"
              autoComplete="one-time-code"
              hint="Or one of the recovery codes that you kept for it."
              failure={failure}
            />
          )}
          <p class="hint">
            <a href="/recover">Forgot your password?</a>
          </p>
        </>
      )}
    </Form>
  );
}

function SignUp({ greet }: { greet: (entered: Entered) => void }) {
  const send = async (entered: Entered) => {
    await signUp(entered("username"), entered("password"));
    greet(entered);
  };
  return (
    <Form fields={FIELDS} action="Create the account" send={send}>
      {(failure) => (
        <>
          <Field
            name="username"
            label="Name"
            autoComplete="username"
            hint="Other learners never see it."
            failure={failure}
          />
          <Field
            name="password"
            type="password"
            label="Password"
            autoComplete="new-password"
            hint={PASSWORD_HINT}
            failure={failure}
          />
        </>
      )}
    </Form>
  );
}

interface Joined {
  username: string;
  /** As it was just typed: it makes the code without being asked for again. */
  password: string;
}

/** The account is there. A recovery code is offered, and need not be taken. */
function Welcome({ username, password }: Joined) {
  const code = useSignal<string | null>(null);
  if (code.value)
    return (
      <Screen title="Your account is ready" class="narrow account-screen">
        <RecoveryCode username={username} code={code.value} action="I have kept it" done={goOn} />
      </Screen>
    );
  return (
    <Screen title="Your account is ready" class="narrow account-screen">
      <Offer password={password} take={(made) => (code.value = made)} />
    </Screen>
  );
}

function Offer({ password, take }: { password: string; take: (code: string) => void }) {
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const make = async () => {
    isBusy.value = true;
    failure.value = null;
    try {
      take((await api.makeRecoveryCode(password)).code);
    } catch (error) {
      failure.value = error;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <section class="card account-form" aria-labelledby="offer">
      <h2 id="offer">In case you forget your password</h2>
      <p>
        A recovery code lets you in again, without an <span class="unbroken">e-mail</span> address. Copy it,
        print it or write it down, and keep it safe.
      </p>
      <FailureNote failure={failure.value} />
      <div class="actions">
        <button type="button" class="button" onClick={make} disabled={isBusy.value}>
          Show a recovery code
        </button>
        <button type="button" class="button quiet" onClick={goOn}>
          Not now
        </button>
      </div>
      <p class="hint">
        You can make one later, or add an <span class="unbroken">e-mail</span> address, under “Your account”.
      </p>
    </section>
  );
}

function Alternative({ mode }: { mode: Mode }) {
  const query = place.value.search;
  return mode === "sign-in" ? (
    <p>
      New here? <a href={`/sign-up${query}`}>Create an account</a>. You can also look around and practice
      without one.
    </p>
  ) : (
    <p>
      Here before? <a href={`/sign-in${query}`}>Sign in</a>.
    </p>
  );
}
