import "./styles/index.css";
import { render } from "preact";
import { App } from "./App";
import * as api from "./api/calls";
import { isOurs } from "./paths";
import { watchNavigation } from "./router";
import { addressOf, fetchScreen, watchIntent } from "./routes";
import { drafts } from "./state/drafts";
import { watchConnection } from "./state/network";
import { watchSession } from "./state/session";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no #app element.");

watchConnection(api.me);
watchSession();
watchNavigation(isOurs);
watchIntent();
// Together with the question who is here; a failure is told when the screen is drawn.
const first = addressOf(location.pathname);
if (first) void fetchScreen(first.name).catch(() => undefined);
addEventListener("pagehide", () => void drafts.flush(true));
// The sentence for browsers in which nothing of this runs.
root.replaceChildren();
render(<App />, root);
