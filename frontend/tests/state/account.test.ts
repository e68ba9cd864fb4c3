import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiFailure } from "../../src/api/failure";
import type { Me } from "../../src/api/types";
import { explain } from "../../src/components/explain";
import { changeEmail, eraseAccount, recover } from "../../src/state/account";
import { isMember, me } from "../../src/state/session";
import { signedOut } from "../../src/state/signed_out";

const ANN: Me = { id: "l1", username: "ann", email: null, is_guest: false, is_staff: false };

/** Answer the next call, and note it. */
function serve(status: number, body: unknown) {
  const sent: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request.clone());
    return body === null ? new Response(null, { status }) : Response.json(body, { status });
  });
  return sent;
}

const refusal = (code: string, attr: string | null) => ({
  type: "validation_error",
  errors: [{ code, detail: "No.", attr }],
});

beforeEach(() => {
  me.value = ANN;
  localStorage.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
  me.value = null;
  signedOut.value = false;
});

it("knows the address as soon as the server has taken it", async () => {
  const sent = serve(200, { ...ANN, email: "ann@example.org" });
  await changeEmail("ann@example.org", "secret");
  expect(me.value?.email).toBe("ann@example.org");
  expect(await sent[0]?.json()).toEqual({ email: "ann@example.org", password: "secret" });
});

it("keeps the address that was there when another is refused", async () => {
  serve(400, refusal("unique", "email"));
  const failure = await changeEmail("bob@example.org", "secret").catch((error: unknown) => error);
  expect(failure instanceof ApiFailure && failure.about("email")).toBe("No.");
  expect(me.value).toEqual(ANN);
});

it("is signed in after a recovery, by a link as by a code", async () => {
  for (const proof of [{ token: "t" }, { name: "ann", code: "c" }]) {
    me.value = { id: null, username: null, email: null, is_guest: false, is_staff: false };
    signedOut.value = true;
    const sent = serve(200, ANN);
    await recover(proof, "new");
    expect(await sent[0]?.json()).toEqual({ ...proof, password: "new" });
    expect([isMember.value, signedOut.value]).toEqual([true, false]);
  }
});

it("takes what is kept on the device along with an account, but no settings", async () => {
  localStorage.setItem("assay.draft.a/1", "{}");
  localStorage.setItem("assay.outbox.a/1", "{}");
  localStorage.setItem("assay.setting.digit-keys", "false");
  localStorage.setItem("another.draft", "{}");
  const sent = serve(204, null);
  await eraseAccount("secret");
  expect(Object.keys(localStorage).sort()).toEqual(["another.draft", "assay.setting.digit-keys"]);
  expect([sent[0]?.method, await sent[0]?.json()]).toEqual(["DELETE", { password: "secret" }]);
});

it("erases a guest without a password", async () => {
  const sent = serve(204, null);
  await eraseAccount(null);
  expect(await sent[0]?.json()).toEqual({});
});

it("keeps what is on the device when the erasure is refused", async () => {
  localStorage.setItem("assay.draft.a/1", "{}");
  serve(400, refusal("wrong_password", "password"));
  await expect(eraseAccount("wrong")).rejects.toThrow("No.");
  expect(localStorage.getItem("assay.draft.a/1")).toBe("{}");
});

it("says how long a name is locked", () => {
  const locked = new ApiFailure(429, [{ code: "locked_out", detail: "", attr: null }], 900);
  expect(explain(locked)).toBe("Too many wrong entries for this name. Try again in 15 minutes.");
});
