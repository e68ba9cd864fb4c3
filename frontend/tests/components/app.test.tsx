import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { App } from "../../src/App";
import type { Me } from "../../src/api/types";
import { place } from "../../src/router";
import { fetchScreen } from "../../src/routes";
import { me } from "../../src/state/session";

const someone = (id: string | null): Me => ({ id, username: null, is_guest: id !== null }) as Me;

it("keeps a screen whose code came late when its reader becomes known", async () => {
  const asked = vi.spyOn(globalThis, "fetch").mockReturnValue(new Promise(() => {}));
  me.value = someone(null);
  place.value = new URL("/lessons/regularization", location.href);
  const root = document.body.appendChild(document.createElement("div"));
  await act(() => render(<App />, root));
  await act(() => fetchScreen("lesson"));
  expect(asked).toHaveBeenCalledOnce();
  await act(() => {
    me.value = someone("a-guest");
  });
  expect(asked).toHaveBeenCalledOnce();
});
