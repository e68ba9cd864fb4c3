import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiFailure } from "../../src/api/failure";
import { Account } from "../../src/views/Account";

const { signIn } = vi.hoisted(() => ({ signIn: vi.fn() }));
vi.mock("../../src/state/session", async (original) => ({ ...(await original<object>()), signIn }));

let root: HTMLElement;

beforeEach(() => {
  signIn.mockReset();
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, root);
  document.body.replaceChildren();
});

const find = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector);
const type = (selector: string, text: string) => {
  const input = find<HTMLInputElement>(selector);
  if (input) input.value = text;
};
const send = () =>
  act(async () => {
    find("form")?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  });
const refuse = (code: string, attr: string | null) =>
  signIn.mockRejectedValueOnce(new ApiFailure(400, [{ code, detail: "Not so.", attr }], null));

it("asks for a code only where the server wants one, and sends it with the rest", async () => {
  await act(() => render(<Account mode="sign-in" />, root));
  type("#username", "ines");
  type("#password", "a password");
  refuse("wrong_credentials", null);
  await send();
  await vi.waitFor(() => expect(find("[role=alert], .form-problem")).not.toBeNull());
  expect(find("#code")).toBeNull();
  refuse("second_factor_needed", "code");
  await send();
  await vi.waitFor(() => expect(find("#code-complaint")?.textContent).toContain("Not so."));
  expect(document.activeElement).toBe(find("#code"));
  expect(find<HTMLInputElement>("#password")?.value).toBe("a password");
  type("#code", "123456");
  refuse("wrong_second_factor", "code");
  await send();
  expect(signIn).toHaveBeenLastCalledWith("ines", "a password", "123456");
  expect(find("#code")).not.toBeNull();
});
