export interface Drag {
  /** Where the pointer is, in the window, and how far it has come. */
  move: (at: { x: number; y: number; dx: number; dy: number }) => void;
  drop: () => void;
  cancel: () => void;
}

/** A finger or a hand moves a little while it presses. */
const SLACK = 5;
/** So near the edge of the window, and by so much, the page scrolls along. */
const [EDGE, STEP] = [48, 14];

/**
 * Follow a pointer from where it was pressed until it is lifted. Escape, or the browser, cancels.
 *
 * What is dragged by touch needs `touch-action: none`, or the browser scrolls instead. The page hears the pointer, not
 * the element: what is dragged may be drawn anew meanwhile.
 */
export function follow(pressed: PointerEvent, drag: Drag): void {
  const { pointerId, clientX, pageY } = pressed;
  let isUnderWay = false;
  const listening = new AbortController();
  const end = (how: () => void) => {
    listening.abort();
    if (isUnderWay) how();
  };
  const moved = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return;
    const [dx, dy] = [event.clientX - clientX, event.pageY - pageY];
    isUnderWay ||= Math.hypot(dx, dy) > SLACK;
    if (!isUnderWay) return;
    scrollAlong(event.clientY);
    drag.move({ x: event.clientX, y: event.clientY, dx, dy });
  };
  const lifted = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return;
    if (isUnderWay) swallowClick();
    end(drag.drop);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") end(drag.cancel);
  };
  const { signal } = listening;
  addEventListener("pointermove", moved, { signal });
  addEventListener("pointerup", lifted, { signal });
  addEventListener("pointercancel", () => end(drag.cancel), { signal });
  addEventListener("keydown", key, { signal });
}

/** The click that follows when a drag ends where it began is none. */
function swallowClick(): void {
  const listening = new AbortController();
  const swallow = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
  };
  addEventListener("click", swallow, { capture: true, signal: listening.signal });
  setTimeout(() => listening.abort());
}

function scrollAlong(y: number): void {
  if (y < EDGE) scrollBy(0, -STEP);
  else if (y > innerHeight - EDGE) scrollBy(0, STEP);
}

/** Whether a press may become a drag: by mouse from anywhere but a control, by touch from the handle alone. */
export function mayDrag(event: PointerEvent): boolean {
  const { target } = event;
  if (event.button !== 0 || !(target instanceof Element)) return false;
  const isHandle = target.closest(".grip") !== null;
  return event.pointerType === "mouse" ? isHandle || !target.closest("button, a, select, input") : isHandle;
}
