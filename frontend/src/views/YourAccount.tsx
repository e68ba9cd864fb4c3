import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import * as api from "../api/calls";
import type { Standing } from "../api/types";
import { AccountPart, CurrentPassword, FORM, username } from "../components/AccountPart";
import { type Entered, Field, Form, PASSWORD_HINT } from "../components/Form";
import { Keys } from "../components/Keys";
import { Loaded } from "../components/Loaded";
import { RecoveryCode } from "../components/RecoveryCode";
import { Screen } from "../components/Screen";
import { count, day } from "../components/words";
import { changeEmail, eraseAccount } from "../state/account";
import { useResource } from "../state/resource";
import { isKnown, isMember, me } from "../state/session";

/** Everything that somebody can do with the own account. A guest has data to take along, and to erase. */
export function YourAccount() {
  return isKnown.value ? <Known /> : <Unknown />;
}

const Unknown = () => (
  <Screen title="Your account" class="narrow account-screen">
    <p>
      <a href="/sign-in?then=/account">Sign in</a> to see your account. You have none yet?{" "}
      <a href="/sign-up?then=/account">Create one</a>.
    </p>
  </Screen>
);

function Known() {
  const loaded = useResource(`account of ${me.value?.id}`, api.account);
  return (
    <Loaded from={loaded}>
      {(standing) => (
        <Screen title="Your account" class="narrow your-account">
          {isMember.value ? <Member standing={standing} /> : <GuestWords />}
          <YourData />
          <Erasure standing={standing} />
        </Screen>
      )}
    </Loaded>
  );
}

const GuestWords = () => (
  <p class="aside">
    You are here as a guest. <a href="/sign-up?then=/account">Create an account</a> to keep what you have
    done, or <a href="/sign-in?then=/account">sign in</a> to add it to the one you have.
  </p>
);

function Member({ standing }: { standing: Standing }) {
  return (
    <>
      <p>
        You are signed in as <strong>{me.value?.username}</strong>.
      </p>
      <Email />
      <Password />
      <Code madeAt={standing.recovery_code_made_at} />
      <Sessions others={standing.other_sessions} />
      <Keys />
    </>
  );
}

function Email() {
  const done = useSignal("");
  const email = me.value?.email ?? "";
  const save = async (entered: Entered) => {
    await changeEmail(entered("email"), entered("password"));
    done.value = me.value?.email ? `Your address is ${me.value.email}.` : "Your address is removed.";
  };
  return (
    <AccountPart id="email-title" title="E-mail address" done={done}>
      <p class="hint">
        {email
          ? "For a link when you forget your password. Nobody else sees it. Leave the field empty to remove the address."
          : "You need not have one. With it you get a link when you forget your password; nobody else sees it."}
      </p>
      <Form key={email} class={FORM} fields={["email", "password"]} action="Save the address" send={save}>
        {(failure) => (
          <>
            <Field
              name="email"
              type="email"
              label="E-mail address"
              autoComplete="email"
              value={email}
              required={false}
              failure={failure}
            />
            <CurrentPassword id="email-password" failure={failure} />
          </>
        )}
      </Form>
    </AccountPart>
  );
}

function Password() {
  const done = useSignal("");
  const save = async (entered: Entered) => {
    await api.changePassword(entered("current"), entered("new"));
    done.value = "Your password is changed. You are signed out everywhere else.";
  };
  return (
    <AccountPart id="password-title" title="Password" done={done}>
      <Form class={FORM} fields={["current", "new"]} action="Change the password" send={save}>
        {(failure) => (
          <>
            <CurrentPassword id="current" name="current" failure={failure} />
            <Field
              name="new"
              type="password"
              label="New password"
              autoComplete="new-password"
              hint={PASSWORD_HINT}
              failure={failure}
            />
          </>
        )}
      </Form>
    </AccountPart>
  );
}

function Code({ madeAt }: { madeAt: string | null }) {
  const code = useSignal<string | null>(null);
  const done = useSignal("");
  const make = async (entered: Entered) => {
    code.value = (await api.makeRecoveryCode(entered("password"))).code;
  };
  const close = () => {
    code.value = null;
    done.value = "Your recovery code is made. The one before does not work any more.";
  };
  if (code.value)
    return <RecoveryCode username={username()} code={code.value} action="I have kept it" done={close} />;
  return (
    <AccountPart id="code-title" title="Recovery code" done={done}>
      <p class="hint">
        It lets you in when you have forgotten your password, without an <span class="unbroken">e-mail</span>{" "}
        address. {madeAt && `You made one on ${day(madeAt)}; a new one takes its place.`}
      </p>
      <Form class={FORM} fields={["password"]} action="Make a recovery code" kind="quiet" send={make}>
        {(failure) => <CurrentPassword id="code-password" failure={failure} />}
      </Form>
    </AccountPart>
  );
}

function Sessions({ others }: { others: number }) {
  const done = useSignal("");
  const end = async () => {
    await api.endSessions();
    done.value = "You are signed out everywhere else.";
  };
  return (
    <AccountPart id="sessions-title" title="Where you are signed in" done={done}>
      <p class="hint">
        {others === 0 || done.value
          ? "Here, and nowhere else."
          : `Here, and in ${count(others, "other place")}.`}
      </p>
      <Form class={FORM} fields={[]} action="Sign out everywhere else" kind="quiet" send={end}>
        {() => null}
      </Form>
    </AccountPart>
  );
}

const YourData = () => (
  <AccountPart id="data-title" title="Your data">
    <p class="hint">
      All that is recorded of you: what you were shown, what you answered, and how it was judged. What you may
      not see yet is left out.
    </p>
    <div class="actions">
      <a class="button quiet" href={api.EXPORT} download="assay-data.json">
        Everything (JSON)
      </a>
      <a class="button quiet" href={`${api.EXPORT}?format=csv`} download="assay-answers.csv">
        A table of your answers (CSV)
      </a>
    </div>
  </AccountPart>
);

function Erasure({ standing }: { standing: Standing }) {
  const isAsked = useSignal(false);
  const title = isMember.value ? "Delete your account" : "Delete what you did";
  return (
    <AccountPart id="erasure-title" title={title}>
      <p class="hint">{erasureWords(standing)}</p>
      {standing.is_erasable && !isAsked.value && (
        <div class="actions">
          <button type="button" class="button quiet" onClick={() => (isAsked.value = true)}>
            {title}…
          </button>
        </div>
      )}
      {isAsked.value && <Sure action={title} cancel={() => (isAsked.value = false)} />}
    </AccountPart>
  );
}

export function erasureWords({ is_erasable, keeps_grades }: Standing): string {
  if (!is_erasable)
    return "This account has judged answers of others, which stay with its name. Whoever runs this site can help.";
  if (keeps_grades)
    return "Your name, your address and all that you wrote are deleted. You are or were in a course, which has to keep its grades: they stay as numbers, without your name.";
  return isMember.value
    ? "Your name, your address and all that you answered are deleted. Nothing brings them back."
    : "All that you answered here is deleted. Nothing brings it back.";
}

function Sure({ action, cancel }: { action: string; cancel: () => void }) {
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => question.current?.focus(), []);
  const erase = async (entered: Entered) => {
    await eraseAccount(isMember.value ? entered("password") : null);
    // A fresh page: nothing of this learner stays in memory.
    location.assign("/");
  };
  const keep = (
    <button type="button" class="button quiet" onClick={cancel}>
      Keep it
    </button>
  );
  return (
    <>
      <p ref={question} tabIndex={-1} class="account-warning">
        This cannot be undone. Take your data along first, if you want to keep them.
      </p>
      <Form class={FORM} fields={["password"]} action={action} kind="grave" beside={keep} send={erase}>
        {(failure) => isMember.value && <CurrentPassword id="erasure-password" failure={failure} />}
      </Form>
    </>
  );
}
