import { ApiFailure, isTemporary, passesWithReconnection } from "../api/failure";
import * as api from "../api/launch";
import { launch } from "./launch";
import { pauseAfter, waitOrReconnect } from "./outbox";
import { loadMe } from "./session";
import { signedOut } from "./signed_out";

/**
 * Exchange the code of a launch for its token, which is kept fresh from then on. False where the code counts no more;
 * throws what may pass.
 */
export async function enter(code: string): Promise<boolean> {
  try {
    const opened = await api.openLaunch(code);
    launch.value = { ...opened, return_url: webAddress(opened.return_url) };
    void keepFresh(opened.renew_after);
    return true;
  } catch (failure) {
    if (failure instanceof ApiFailure && !isTemporary(failure)) return false;
    throw failure;
  }
}

/** The address, if a browser may be sent there: other systems say it, and it could as well be a script. */
function webAddress(address: string | null): string | null {
  const isWeb = address !== null && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  return isWeb ? address : null;
}

/** Renew the token each time that it is due, until the server refuses. It holds twice as long as until then. */
async function keepFresh(seconds: number): Promise<void> {
  for (let due: number | null = seconds; due !== null; ) {
    const end = Date.now() + 2 * due * 1000;
    await untilDue(due * 1000);
    due = await renew(end);
  }
}

/**
 * Renew the token, which holds until `end`, however often that has to be tried. Returns in how many seconds it is due
 * again, or null after a refusal.
 */
async function renew(end: number): Promise<number | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { token, renew_after } = await api.renewLaunch();
      takeUp(token);
      return renew_after;
    } catch (failure) {
      // Without a connection the page could not be opened again, so nobody is told to.
      const isOver = Date.now() >= end && !passesWithReconnection(failure);
      if (isOver || !isTemporary(failure)) signedOut.value = true;
      if (!isTemporary(failure)) return null;
      await waitOrReconnect(pauseAfter(tries, failure));
    }
  }
}

function takeUp(token: string): void {
  if (launch.value) launch.value = { ...launch.value, token };
  // What waited since the learner was told that the time is over goes on.
  if (signedOut.peek()) void loadMe().catch(() => undefined);
}

/** Wait; after a sleep of the device, in which timers stand still, until the page is looked at again. */
function untilDue(milliseconds: number): Promise<void> {
  const due = Date.now() + milliseconds;
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    const look = () => {
      if (Date.now() >= due) end();
    };
    const timer = setTimeout(end, milliseconds);
    document.addEventListener("visibilitychange", look);
  });
}
