import {
  DirectionalLight,
  HemisphereLight,
  Plane,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { firstBelow, type Place } from "../numbers/bowl";
import { REACH, type Rule, type Weights } from "../numbers/descent";
import type { Landscape } from "../numbers/landscape";
import { Labels } from "./labels";
import { Land } from "./land";
import { Lens } from "./lens";
import { FLOOR, HEIGHT } from "./measures";
import { type Angle, listen } from "./orbit";
import { readPalette } from "./palette";
import { onFloor, toScene } from "./space";
import { Trails } from "./trails";

export interface SceneOptions {
  canvas: HTMLCanvasElement;
  /** Over the canvas, of its size: the labels stand in it. */
  overlay: HTMLElement;
  rules: readonly Rule[];
  onStart: (start: Weights) => void;
  onAngle: (angle: Angle) => void;
  /** The graphics are gone, or back. */
  onLost: (isLost: boolean) => void;
}

/** A fraction of a step per frame keeps up with the steps, which come at most 12 a second. */
const GLIDE = 90;
const GRASP = 26;

/**
 * The landscape of a loss in three dimensions. It draws when something has changed and is on the screen, and only then.
 */
export class LossScene {
  readonly #options: SceneOptions;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #lens = new Lens();
  readonly #land = new Land();
  readonly #trails: Trails;
  readonly #labels: Labels;
  readonly #ends: (() => void)[] = [];
  #view: Landscape | null = null;
  #angle: Angle;
  #size = { width: 0, height: 0 };
  #frame = 0;
  #isOnScreen = true;
  #isLost = false;
  #heldOnFloor = false;
  #glide: { from: number; to: number; since: number } | null = null;
  #steps = 0;

  constructor(options: SceneOptions, angle: Angle) {
    this.#options = options;
    this.#angle = angle;
    this.#renderer = new WebGLRenderer({ canvas: options.canvas, alpha: true, antialias: true });
    this.#trails = new Trails(options.rules);
    this.#labels = new Labels(options.overlay);
    const sun = new DirectionalLight(0xffffff, 1.7);
    sun.position.set(-5, 6, 4);
    this.#scene.add(sun, new HemisphereLight(0xffffff, 0xcfdfe2, 1.85), this.#land.group, this.#trails.group);
    this.#watch();
    this.repaint();
  }

  /** Shows other numbers. */
  show(view: Landscape): void {
    this.#view = view;
    this.#land.shape(view);
    this.#trails.follow(view);
    this.#trails.show(this.#steps);
    this.repaint();
  }

  /** Shows the paths after a number of steps; a single step ahead glides there. */
  step(steps: number, glides: boolean): void {
    const from = this.#steps;
    this.#steps = steps;
    this.#glide = glides && steps === from + 1 ? { from, to: steps, since: performance.now() } : null;
    if (!this.#glide) this.#trails.show(steps);
    this.invalidate();
  }

  look(angle: Angle): void {
    this.#angle = angle;
    this.invalidate();
  }

  /** Takes the colors from the style sheet anew. */
  repaint(): void {
    const palette = readPalette(this.#options.canvas);
    this.#land.paint(palette);
    this.#trails.paint(palette);
    this.invalidate();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const end of this.#ends) end();
    this.#scene.traverse((thing) => {
      const { geometry, material } = thing as Partial<{ geometry: Disposable; material: Disposable }>;
      geometry?.dispose();
      material?.dispose();
    });
    this.#labels.clear();
    this.#renderer.dispose();
    if (!this.#isLost) this.#renderer.forceContextLoss();
  }

  /** Draws with the next frame, if anybody can see it. */
  invalidate(): void {
    if (this.#frame || this.#isLost || !this.#isOnScreen || !this.#size.width) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    this.#moveOn(now);
    this.#lens.look(this.#angle);
    this.#land.raise(this.#labels.write(this.#lens.camera, this.#view?.top ?? 1));
    this.#labels.place(this.#lens.camera, this.#size.width, this.#size.height);
    this.#renderer.render(this.#scene, this.#lens.camera);
    const { calls, triangles } = this.#renderer.info.render;
    const { dataset } = this.#options.canvas;
    dataset.calls = String(calls);
    dataset.triangles = String(triangles);
    dataset.frames = String(Number(dataset.frames ?? 0) + 1);
    dataset.steps = String(this.#steps);
  }

  #moveOn(now: number): void {
    if (!this.#glide) return;
    const { from, to, since } = this.#glide;
    const share = Math.min(Math.max((now - since) / GLIDE, 0), 1);
    this.#trails.show(from + share * (to - from));
    if (share >= 1) this.#glide = null;
    else this.invalidate();
  }

  #watch(): void {
    const { canvas, overlay, onLost } = this.#options;
    const sizes = new ResizeObserver(() => this.#resize(overlay.clientWidth, overlay.clientHeight));
    sizes.observe(overlay);
    const sight = new IntersectionObserver(([entry]) => {
      this.#isOnScreen = entry?.isIntersecting ?? true;
      this.invalidate();
    });
    sight.observe(canvas);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => this.repaint();
    scheme.addEventListener("change", repaint);
    const lose = (event: Event) => {
      event.preventDefault();
      this.#isLost = true;
      onLost(true);
    };
    const restore = () => {
      this.#isLost = false;
      onLost(false);
      this.repaint();
    };
    canvas.addEventListener("webglcontextlost", lose);
    canvas.addEventListener("webglcontextrestored", restore);
    this.#ends.push(
      () => sizes.disconnect(),
      () => sight.disconnect(),
      () => scheme.removeEventListener("change", repaint),
      () => canvas.removeEventListener("webglcontextlost", lose),
      () => canvas.removeEventListener("webglcontextrestored", restore),
      listen(canvas, {
        holds: (x, y) => this.#holds(x, y),
        drag: (x, y) => this.#drag(x, y),
        angle: () => this.#angle,
        look: (angle) => {
          this.look(angle);
          this.#options.onAngle(angle);
        },
      }),
    );
  }

  #resize(width: number, height: number): void {
    this.#size = { width, height };
    if (!width || !height) return;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#renderer.setSize(width, height, false);
    this.#lens.fit(width, height);
    // The old picture went with the old size: draw before the browser shows an empty one.
    if (this.#isOnScreen && !this.#isLost) this.#draw(performance.now());
  }

  /** Whether the start is seen near this point of the canvas, on the surface or on the floor. */
  #holds(x: number, y: number): boolean {
    const view = this.#view;
    if (!view) return false;
    const [w1, w2] = view.start;
    const isNear = (point: Vector3) => {
      point.project(this.#lens.camera);
      const across = ((point.x + 1) / 2) * this.#size.width - x;
      const down = ((1 - point.y) / 2) * this.#size.height - y;
      return Math.hypot(across, down) < GRASP;
    };
    const height = Math.min(view.ground.height(view.start), view.top);
    this.#heldOnFloor = !isNear(toScene([w1, w2, height], view.top, 0.1));
    return !this.#heldOnFloor || isNear(onFloor(w1, w2));
  }

  #drag(x: number, y: number): void {
    const start = this.#heldOnFloor ? this.#floorUnder(x, y) : this.#groundUnder(x, y);
    if (start) this.#options.onStart(start);
  }

  #ray(x: number, y: number): Raycaster {
    const caster = new Raycaster();
    const { width, height } = this.#size;
    caster.setFromCamera(new Vector2((x / width) * 2 - 1, 1 - (y / height) * 2), this.#lens.camera);
    return caster;
  }

  #floorUnder(x: number, y: number): Weights | null {
    const hit = this.#ray(x, y).ray.intersectPlane(new Plane(new Vector3(0, 1, 0), -FLOOR), new Vector3());
    return hit && within(hit.x, -hit.z);
  }

  #groundUnder(x: number, y: number): Weights | null {
    const view = this.#view;
    if (!view) return null;
    const { origin, direction } = this.#ray(x, y).ray;
    const lift = view.top / HEIGHT;
    const from: Place = [origin.x, -origin.z, origin.y * lift];
    const hit = firstBelow(view.ground, from, [direction.x, -direction.z, direction.y * lift], 60);
    return hit && within(...hit);
  }
}

interface Disposable {
  dispose(): void;
}

const within = (w1: number, w2: number): Weights => [bounded(w1), bounded(w2)];

const bounded = (weight: number): number => Number(Math.min(Math.max(weight, -REACH), REACH).toFixed(2));
