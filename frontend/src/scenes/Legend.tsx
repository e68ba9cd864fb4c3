import type { Setup } from "../numbers/descent";
import type { Landscape } from "../numbers/landscape";
import { PinSwatch, RegionSwatch, TrailSwatch } from "./marks";
import { NAMES, pairWords, ruleWords, zeroWords } from "./words";

/** What the lines and marks mean, and where the minima are. */
export function Legend({
  setup,
  view: { trails, best, pricedBest, region },
}: {
  setup: Setup;
  view: Landscape;
}) {
  const zero = pricedBest && zeroWords(pricedBest);
  return (
    <ul class="scene-legend">
      {trails.map(({ rule }) => (
        <li key={rule}>
          <TrailSwatch rule={rule} />
          <span>
            <strong>{NAMES[rule]}</strong> {ruleWords(rule, setup)}
          </span>
        </li>
      ))}
      {best && (
        <li>
          <PinSwatch kind="best" />
          <span>
            Least {setup.penalty === "none" ? "loss" : "MSE"} at {pairWords(best)}
          </span>
        </li>
      )}
      {pricedBest && (
        <li>
          <PinSwatch kind="priced" />
          <span>
            With penalty least at {pairWords(pricedBest)}
            {zero && (
              <>
                , <strong>{zero}</strong>
              </>
            )}
          </span>
        </li>
      )}
      {region && (
        <li>
          <RegionSwatch />
          <span>Weights that cost no more than that</span>
        </li>
      )}
    </ul>
  );
}
