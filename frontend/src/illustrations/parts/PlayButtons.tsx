import type { Play } from "./play";

/** The buttons that take the steps of a figure. */
export const PlayButtons = ({ play }: { play: Play }) => (
  <div class="figure-buttons">
    <button type="button" class="button small" onClick={play.toggle}>
      {play.isPlaying ? "Pause" : "Play"}
    </button>
    <button type="button" class="button quiet small" onClick={play.step}>
      Step
    </button>
    <button type="button" class="button quiet small" onClick={play.reset}>
      Reset
    </button>
  </div>
);
