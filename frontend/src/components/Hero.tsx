import { useState } from "preact/hooks";
import { constrained } from "../numbers/fence";
import { ball, type Loss, levelLine, lossAt, path } from "./geometry";

const RADIUS = 62;
const LOSS: Loss = { center: { x: 44, y: 108 }, curvature: [0.62, -0.22, 1] };
const RINGS = [0.06, 0.24, 0.54];

/** Closer to the axis than a learner can see. */
const ALMOST = 0.5;

const touching = (p: number) => constrained(LOSS, { kind: "lp", p }, RADIUS);

/** Words for where the best weights are, by the shape of the penalty: only the diamond has corners on the axes. */
export function reading(p: number): string {
  const { weights, place } = touching(p);
  if (place === "corner") return "One weight is exactly zero.";
  if (Math.abs(weights.x) < ALMOST) return "One weight is almost zero, but not quite.";
  return p < 1.5 ? "One weight is small, none is zero." : "Both weights shrink, none is zero.";
}

/** The two classic penalties and everything between: drag the norm, and the best weights leave the corner. */
export function Hero() {
  const [p, setP] = useState(1);
  return (
    <figure class="hero-figure">
      <Picture p={p} />
      <figcaption>
        <label class="hero-control">
          <span class="hero-end diamond">L1</span>
          <input
            type="range"
            min="1"
            max="2"
            step="0.02"
            value={p}
            aria-label="Shape of the penalty, from L1 to L2"
            aria-valuetext={`norm ${p.toFixed(2)}. ${reading(p)}`}
            onInput={(event) => setP(event.currentTarget.valueAsNumber)}
          />
          <span class="hero-end circle">L2</span>
        </label>
        <span class="hero-reading">{reading(p)}</span>
      </figcaption>
    </figure>
  );
}

function Picture({ p }: { p: number }) {
  const point = touching(p).weights;
  return (
    <svg
      viewBox="-96 -172 250 252"
      role="img"
      aria-label="The level lines of a loss touch the ball of a penalty"
    >
      <g class="hero-axes">
        <path d="M-90 0H148M0 76V-166" />
        <text x="140" y="-6">
          w₁
        </text>
        <text x="7" y="-158">
          w₂
        </text>
      </g>
      <g transform="scale(1 -1)">
        <LevelLines tangent={lossAt(LOSS, point)} />
        <path class="hero-ghost" d={path(ball(2, RADIUS))} />
        <path class="hero-ghost" d={path(ball(1, RADIUS))} />
        <path class="hero-ball" d={path(ball(p, RADIUS))} />
        <circle class="hero-touch" cx={point.x} cy={point.y} r="5" />
      </g>
    </svg>
  );
}

/** The loss around its lowest point, out to the line that touches the ball. */
const LevelLines = ({ tangent }: { tangent: number }) => (
  <g transform={`translate(${LOSS.center.x} ${LOSS.center.y})`}>
    {[...RINGS, 1].map((share) => {
      const { rx, ry, tilt } = levelLine(LOSS, share * tangent);
      const turned = `rotate(${tilt})`;
      return (
        <ellipse
          key={share}
          class="hero-ring"
          data-tangent={share === 1}
          rx={rx}
          ry={ry}
          transform={turned}
        />
      );
    })}
    <circle class="hero-centre" r="2.4" />
  </g>
);
