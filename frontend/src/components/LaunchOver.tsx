import { keepsOnDevice } from "../state/storage";
import { Screen } from "./Screen";

/** A page of a launch without one: it was loaded again, or its time had passed before it was there. */
export const LaunchOver = () => (
  <Screen title="Open this page again" class="narrow">
    <p class="lead">
      This page was opened from your course and its time is over. Open it again there
      {keepsOnDevice.value ? ": everything you entered is kept." : "."}
    </p>
  </Screen>
);
