import "./styles/index.css";
import { render } from "preact";
import { App } from "./App";
import { watchNavigation } from "./router";
import { isOurs } from "./routes";
import { drafts } from "./state/drafts";
import { watchConnection } from "./state/network";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no #app element.");

watchConnection();
watchNavigation(isOurs);
addEventListener("pagehide", () => void drafts.flush(true));
render(<App />, root);
