import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Launch } from "../api/launch";
import { isArrival, signInHere } from "../paths";
import { place } from "../router";
import { announcement } from "../state/announcer";
import { homesOf, launch } from "../state/launch";
import { online } from "../state/network";
import { outbox } from "../state/outbox";
import { isMember, isSignedOut, me, signOut } from "../state/session";
import { keepsOnDevice } from "../state/storage";
import { signedOutWords } from "./explain";
import { SignInLink } from "./FailureNote";
import { CloudOff } from "./icons";
import { Logo } from "./Logo";
import { Shortcuts } from "./Shortcuts";

/** What stands around every screen: the header with its landmarks, the banner, the footer, the announcer. */
export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <Banners />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="footer">
        <p>Assay: every mark explained.</p>
        <p>
          {!isFromCourse() && <a href="/api/v1/docs/">For programmers</a>}
          {!isFromCourse() && isStaff() && <a href="/admin/">Authoring desk</a>}
          <Shortcuts />
        </p>
      </footer>
      <div class="visually-hidden" aria-live="polite">
        {announcement.value}
      </div>
    </>
  );
}

/** Whether the page was opened from a course, be it that its time is over. */
const isFromCourse = (): boolean => launch.value !== null || isArrival(place.value.pathname);

function Header() {
  const { pathname } = place.value;
  const current = (path: string) => (pathname === path ? "page" : undefined);
  const opened = launch.value;
  if (opened === null && isFromCourse()) return <BareHeader />;
  return (
    <header class="header">
      <a class="wordmark" href="/">
        <Mark />
      </a>
      <nav aria-label="Main">
        {opened &&
          homesOf(opened).map(({ name, address }) => (
            <a key={address} href={address} aria-current={current(address)}>
              {name}
            </a>
          ))}
        <a href="/" aria-current={current("/")}>
          Lessons
        </a>
        <a href="/progress" aria-current={current("/progress")}>
          Progress
        </a>
      </nav>
      {opened ? <CourseCorner {...opened} /> : <AccountCorner />}
    </header>
  );
}

const Mark = () => (
  <>
    <Logo />
    <span class="wordmark-word">Assay</span>
  </>
);

/** Without a launch nothing of the app is to be had in its frame. */
const BareHeader = () => (
  <header class="header">
    <span class="wordmark">
      <Mark />
    </span>
  </header>
);

const CourseCorner = ({ platform, return_url }: Launch) => (
  <p class="account course">
    <span>Opened from {platform}</span>
    {return_url && (
      <a href={return_url} target="_top" rel="noreferrer">
        Back to {platform}
      </a>
    )}
  </p>
);

function AccountCorner() {
  if (me.value === null) return <div class="account" />;
  if (!isMember.value || isSignedOut.value)
    return (
      <div class="account">
        <a class="button quiet small" href={signInHere(place.value)}>
          Sign in
        </a>
      </div>
    );
  return <AccountMenu username={me.value.username ?? ""} />;
}

function AccountMenu({ username }: { username: string }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useSignalEffect(() => {
    if (place.value && menu.current) menu.current.open = false;
  });
  const leave = async () => {
    await signOut();
    // A fresh page: nothing of this learner stays in memory for the next one.
    location.assign("/");
  };
  return (
    <details class="account menu" ref={menu}>
      <summary>
        <span class="initial" data-initial={username.slice(0, 1).toUpperCase()} />
        <span class="visually-hidden">Account of </span>
        <span class="username">{username}</span>
      </summary>
      <div class="menu-items">
        <a href="/progress">Progress</a>
        <a href="/join">Join a course</a>
        <a href="/account">Your account</a>
        {isStaff() && <a href="/admin/">Authoring desk</a>}
        <button type="button" onClick={leave}>
          Sign out
        </button>
      </div>
    </details>
  );
}

const isStaff = (): boolean => me.value?.is_staff === true && !isSignedOut.value;

/** What concerns every screen: there is no connection, or nobody is signed in any more. */
const Banners = () => (
  <div role="status" class="offline-region">
    {!online.value && (
      <p class="offline">
        <CloudOff />
        {offlineWords()}
      </p>
    )}
    {isSignedOut.value && !isAtTheDoor() && (
      <p class="offline">
        <span>
          {signedOutWords()} <SignInLink />
        </span>
      </p>
    )}
  </div>
);

const isAtTheDoor = (): boolean => /^\/(sign-(in|up)|recover)$/.test(place.value.pathname);

function offlineWords(): string {
  if (!keepsOnDevice.value)
    return "No connection. Stay on this page until it is back: nothing can be kept on this device.";
  return outbox.pending.value > 0
    ? "No connection. Your answer is kept on this device and sent as soon as it is back."
    : "No connection. What you type is kept on this device until it is back.";
}
