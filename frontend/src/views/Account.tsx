import { useSignal } from "@preact/signals";
import { ApiFailure } from "../api/failure";
import { FailureNote } from "../components/FailureNote";
import { Screen } from "../components/Screen";
import { destination } from "../paths";
import { navigate, place } from "../router";
import { me, signIn, signUp } from "../state/session";

type Mode = "sign-in" | "sign-up";

const WORDS = {
  "sign-in": { title: "Sign in", action: "Sign in", password: "current-password", send: signIn },
  "sign-up": {
    title: "Create an account",
    action: "Create the account",
    password: "new-password",
    send: signUp,
  },
} as const;

const GUEST_WORDS: Record<Mode, string> = {
  "sign-in": "Signing in does not bring along what you have done as a guest. A new account does.",
  "sign-up": "Everything you have done as a guest comes with you.",
};

/** Go to the screen that sent us here. */
function goOn(): void {
  const { href, isApp } = destination(place.value.searchParams.get("then"));
  if (isApp) navigate(href, { replace: true });
  else location.assign(href);
}

export function Account({ mode }: { mode: Mode }) {
  const { title, action, password, send } = WORDS[mode];
  const failure = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    isBusy.value = true;
    failure.value = null;
    try {
      await send(String(form.get("username")), String(form.get("password")));
      goOn();
    } catch (error) {
      failure.value = error;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Screen title={title} class="narrow account-screen">
      {me.value?.is_guest && <p class="aside">{GUEST_WORDS[mode]}</p>}
      <form class="card account-form" onSubmit={submit}>
        <Problem failure={failure.value} />
        <Field name="username" label="Name" autoComplete="username" failure={failure.value} />
        <Field name="password" label="Password" isSecret autoComplete={password} failure={failure.value} />
        {mode === "sign-up" && (
          <p class="hint">At least {__SHORTEST_PASSWORD__} characters. Other learners never see your name.</p>
        )}
        <button type="submit" class="button" disabled={isBusy.value}>
          {action}
        </button>
      </form>
      <Alternative mode={mode} />
    </Screen>
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

/** The complaint that is about no single field. */
function Problem({ failure }: { failure: unknown }) {
  if (failure === null) return null;
  const isAboutField = failure instanceof ApiFailure && FIELDS.some((name) => failure.about(name));
  return isAboutField ? null : <FailureNote failure={failure} />;
}

const FIELDS = ["username", "password"];

interface FieldProps {
  name: string;
  label: string;
  isSecret?: boolean;
  autoComplete: string;
  failure: unknown;
}

function Field({ name, label, isSecret = false, autoComplete, failure }: FieldProps) {
  const complaint = failure instanceof ApiFailure ? failure.about(name) : null;
  const attributes = {
    id: name,
    name,
    class: "field",
    autoComplete,
    autoCapitalize: "off",
    required: true,
    "aria-invalid": complaint ? true : undefined,
    "aria-describedby": complaint ? `${name}-complaint` : undefined,
  } as const;
  return (
    <div class="form-row">
      <label for={name}>{label}</label>
      {isSecret ? (
        <input type="password" {...attributes} />
      ) : (
        <input type="text" spellcheck={false} {...attributes} />
      )}
      {complaint && (
        <p class="form-problem" id={`${name}-complaint`} role="alert">
          {complaint}
        </p>
      )}
    </div>
  );
}
