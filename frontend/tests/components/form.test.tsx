import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiFailure } from "../../src/api/failure";
import { type Entered, Field, Form } from "../../src/components/Form";
import { RecoveryCode } from "../../src/components/RecoveryCode";

let root: HTMLElement;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
});

const refusal = (attr: string | null) => new ApiFailure(400, [{ code: "c", detail: "Not so.", attr }], null);
const find = (selector: string) => root.querySelector<HTMLElement>(selector);
const field = () => root.querySelector<HTMLInputElement>("#one");

async function sendForm(send: (entered: Entered) => Promise<unknown>) {
  const form = (
    <Form fields={["one"]} action="Go" send={send}>
      {(failure) => <Field name="one" label="One" autoComplete="off" value="a" failure={failure} />}
    </Form>
  );
  await act(() => render(form, root));
  const input = field();
  if (input) input.value = "b";
  await act(async () => {
    find("form")?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  });
}

it("gives what was entered, and is as it was when that was taken", async () => {
  const send = vi.fn(async (entered: Entered) => entered("one"));
  await sendForm(send);
  expect(await send.mock.results[0]?.value).toBe("b");
  expect(field()?.value).toBe("a");
});

it("says a complaint beside its field, goes there and keeps what was entered", async () => {
  await sendForm(() => Promise.reject(refusal("one")));
  expect(field()?.getAttribute("aria-describedby")).toBe("one-complaint");
  expect(find("#one-complaint")?.textContent).toBe("Not so.");
  expect(document.activeElement).toBe(field());
  expect(field()?.value).toBe("b");
});

it("says once what is about no field of its own", async () => {
  await sendForm(() => Promise.reject(refusal(null)));
  expect(root.querySelectorAll("[role=alert]")).toHaveLength(1);
  expect(field()?.hasAttribute("aria-invalid")).toBe(false);
});

it("shows a code whole, and says when it cannot be copied", async () => {
  const done = vi.fn();
  const code = "ABCD-EFGH-1234";
  await act(() => render(<RecoveryCode username="ann" code={code} action="Done" done={done} />, root));
  expect(find(".code-itself")?.textContent).toBe(code);
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("forbidden")) } });
  await act(async () => find("button")?.click());
  expect(find("[role=status]")?.textContent).toContain("write it down");
  await act(async () => [...root.querySelectorAll("button")].at(-1)?.click());
  expect(done).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
