/** Turning the scene: by mouse, by one or two fingers, by keys. A page under a finger still scrolls up and down. */

/** From where the reader looks: around the upright axis and above the floor in radians, and how much larger. */
export interface Angle {
  turn: number;
  tilt: number;
  zoom: number;
}

export const HOME: Angle = { turn: 0.5, tilt: 0.52, zoom: 1 };

const BOUNDS = { tilt: [0.12, 1.5], zoom: [0.7, 2.5] } as const;
const PER_PIXEL = 0.008;
const PER_KEY = Math.PI / 18;
const PER_ZOOM = 1.15;

/** The angle after a move, within what can be looked at. */
export function turned(angle: Angle, by: Partial<Angle>): Angle {
  const within = (value: number, [low, high]: readonly [number, number]) =>
    Math.min(Math.max(value, low), high);
  return {
    turn: Math.atan2(Math.sin(angle.turn + (by.turn ?? 0)), Math.cos(angle.turn + (by.turn ?? 0))),
    tilt: within(angle.tilt + (by.tilt ?? 0), BOUNDS.tilt),
    zoom: within(angle.zoom * (by.zoom ?? 1), BOUNDS.zoom),
  };
}

const KEYS: Record<string, Partial<Angle>> = {
  ArrowLeft: { turn: PER_KEY },
  ArrowRight: { turn: -PER_KEY },
  ArrowUp: { tilt: PER_KEY / 2 },
  ArrowDown: { tilt: -PER_KEY / 2 },
  "+": { zoom: PER_ZOOM },
  "=": { zoom: PER_ZOOM },
  "-": { zoom: 1 / PER_ZOOM },
};

/** What a key does to the angle; null for keys that are not ours. */
export function angleAfterKey(angle: Angle, key: string): Angle | null {
  if (key === "Home") return HOME;
  const by = KEYS[key];
  return by ? turned(angle, by) : null;
}

export interface Grip {
  /** Whether a press here takes hold of something in the scene instead of turning it. */
  holds: (x: number, y: number) => boolean;
  drag: (x: number, y: number) => void;
  angle: () => Angle;
  look: (angle: Angle) => void;
}

interface Spot {
  x: number;
  y: number;
}

/** Listens on the canvas; returns what ends it. */
export function listen(canvas: HTMLCanvasElement, grip: Grip): () => void {
  const spots = new Map<number, Spot>();
  let isHolding = false;
  const ends = new AbortController();
  const on = <Kind extends keyof HTMLElementEventMap>(
    kind: Kind,
    act: (event: HTMLElementEventMap[Kind]) => void,
    passive = true,
  ) => canvas.addEventListener(kind, act, { signal: ends.signal, passive });

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    isHolding = spots.size === 0 && grip.holds(event.offsetX, event.offsetY);
    spots.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    const before = spots.get(event.pointerId);
    const now = { x: event.offsetX, y: event.offsetY };
    if (!before) canvas.dataset.holds = String(grip.holds(now.x, now.y));
    else if (isHolding) grip.drag(now.x, now.y);
    else grip.look(turned(grip.angle(), moved(spots, event, before, now)));
    if (before) spots.set(event.pointerId, now);
  });
  const release = (event: PointerEvent) => {
    spots.delete(event.pointerId);
    if (!spots.size) isHolding = false;
  };
  on("pointerup", release);
  on("pointercancel", release);
  on(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const angle = angleAfterKey(grip.angle(), event.key);
      if (!angle) return;
      event.preventDefault();
      grip.look(angle);
    },
    false,
  );
  // The page scrolls under one finger, unless the finger holds the start or there are two.
  on(
    "touchstart",
    (event) => {
      const touch = event.touches[0];
      const box = canvas.getBoundingClientRect();
      const holds = touch && grip.holds(touch.clientX - box.left, touch.clientY - box.top);
      if (event.touches.length > 1 || holds) event.preventDefault();
    },
    false,
  );
  return () => ends.abort();
}

/** One pointer turns; a mouse tilts as well. Two fingers pinch to zoom, and tilt. */
function moved(spots: Map<number, Spot>, event: PointerEvent, before: Spot, now: Spot): Partial<Angle> {
  const [across, down] = [now.x - before.x, now.y - before.y];
  const other = [...spots].find(([id]) => id !== event.pointerId)?.[1];
  if (!other) {
    const tilt = event.pointerType === "touch" ? 0 : down * PER_PIXEL;
    return { turn: -across * PER_PIXEL, tilt };
  }
  const apart = (spot: Spot) => Math.max(Math.hypot(spot.x - other.x, spot.y - other.y), 1);
  return {
    turn: (-across * PER_PIXEL) / 2,
    tilt: (down * PER_PIXEL) / 2,
    zoom: apart(now) / apart(before),
  };
}
