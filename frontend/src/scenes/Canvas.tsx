import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Rule, Weights } from "../numbers/descent";
import type { Landscape } from "../numbers/landscape";
import type { LossScene } from "./loss_scene";
import type { Angle } from "./orbit";
import { Still } from "./Still";

export interface CanvasProps {
  view: Landscape;
  rules: readonly Rule[];
  step: number;
  /** Whether a step is seen on its way. */
  glides: boolean;
  angle: Angle;
  label: string;
  onStart: (start: Weights) => void;
  onAngle: (angle: Angle) => void;
}

/** Why there may be no scene: it is on its way, the device cannot draw it, or the graphics went away. */
type Condition = "loading" | "drawn" | "missing" | "lost";

/** The scene in three dimensions, or a drawing of it where there is none, and in print. */
export function Canvas(props: CanvasProps) {
  const { view, rules, step, glides, angle, label } = props;
  const help = useId();
  const [canvas, overlay] = [useRef<HTMLCanvasElement>(null), useRef<HTMLDivElement>(null)];
  const scene = useRef<LossScene | null>(null);
  const [condition, setCondition] = useState<Condition>(() => (hasWebGL() ? "loading" : "missing"));
  const latest = useRef(props);
  latest.current = props;
  const isPrinted = usePrinting();

  useEffect(() => {
    let isGone = false;
    const begin = async () => {
      const { LossScene } = await import("./loss_scene");
      if (isGone || !canvas.current || !overlay.current) return;
      scene.current = new LossScene(
        {
          canvas: canvas.current,
          overlay: overlay.current,
          rules,
          onStart: (start) => latest.current.onStart(start),
          onAngle: (turned) => latest.current.onAngle(turned),
          onLost: (isLost) => setCondition(isLost ? "lost" : "drawn"),
        },
        latest.current.angle,
      );
      scene.current.show(latest.current.view);
      scene.current.step(latest.current.step, false);
      setCondition("drawn");
    };
    // What cannot be fetched or set up is drawn flat instead: nothing is missing but the turning.
    if (hasWebGL()) begin().catch(() => setCondition("missing"));
    return () => {
      isGone = true;
      scene.current?.dispose();
      scene.current = null;
    };
  }, [rules]);
  useEffect(() => scene.current?.show(view), [view]);
  useEffect(() => scene.current?.step(step, glides), [step, glides]);
  useEffect(() => scene.current?.look(angle), [angle]);

  return (
    <>
      <div class="scene-window" data-condition={condition}>
        {condition !== "missing" && (
          <>
            {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys of its own */}
            <canvas
              ref={canvas}
              class="scene-canvas"
              role="application"
              aria-label={label}
              aria-describedby={help}
              tabIndex={0}
            />
            <div ref={overlay} class="scene-labels" aria-hidden="true" />
          </>
        )}
        {(condition !== "drawn" || isPrinted) && (
          <Still view={view} step={step} angle={angle} label={label} />
        )}
        {condition === "missing" && (
          <p class="scene-note">This browser draws no three dimensions. The picture follows all controls.</p>
        )}
      </div>
      {condition !== "missing" && (
        <p id={help} class="scene-help">
          Drag to turn, or use the arrow keys, <kbd>+</kbd>, <kbd>−</kbd> and <kbd>Home</kbd>. Drag the orange
          ball to start elsewhere.
        </p>
      )}
    </>
  );
}

let canDraw: boolean | null = null;

/** Whether this browser draws in three dimensions; asked once. */
function hasWebGL(): boolean {
  if (canDraw === null) {
    const context = document.createElement("canvas").getContext("webgl2");
    canDraw = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return canDraw;
}

function usePrinting(): boolean {
  const [isPrinted, setPrinted] = useState(() => matchMedia("print").matches);
  useEffect(() => {
    const medium = matchMedia("print");
    const ends = new AbortController();
    const { signal } = ends;
    medium.addEventListener("change", () => setPrinted(medium.matches), { signal });
    addEventListener("beforeprint", () => setPrinted(true), { signal });
    addEventListener("afterprint", () => setPrinted(false), { signal });
    return () => ends.abort();
  }, []);
  return isPrinted;
}
