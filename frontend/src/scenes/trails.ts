import {
  BoxGeometry,
  type BufferGeometry,
  Group,
  InstancedMesh,
  Matrix4,
  MeshBasicMaterial,
  MeshLambertMaterial,
  OctahedronGeometry,
  Quaternion,
  SphereGeometry,
  TetrahedronGeometry,
  Vector3,
} from "three";
import { between, type Place, withinStage } from "../numbers/bowl";
import type { Rule } from "../numbers/descent";
import { type Landscape, MOST_STEPS, placeAfter, type Trail } from "../numbers/landscape";
import type { Palette } from "./palette";
import { onFloor, toScene } from "./space";
import { Tubes } from "./tubes";

const SHAPES: Record<Rule, () => BufferGeometry> = {
  plain: () => new SphereGeometry(1, 6, 4),
  penalized: () => new BoxGeometry(1.6, 1.6, 1.6),
  proximal: () => new OctahedronGeometry(1.35),
  momentum: () => new TetrahedronGeometry(1.5),
};

const LINE = 0.026;
const SHADOW = 0.016;
const DOT = 0.05;
const HEAD = 0.105;
/** Above the surface, so that it does not sink in between the points of the mesh. */
const LIFT = 0.05;
/** The series lie a little apart in height: they often share their points. */
const APART = 0.022;

/** One path: a line from step to step over the ground, the same on the floor, and a mark on each step. */
class Track {
  readonly group = new Group();
  readonly #line: Tubes;
  readonly #marks: InstancedMesh;
  readonly #lineMaterial = new MeshBasicMaterial();
  readonly #markMaterial: MeshLambertMaterial;
  readonly #lift: number;
  #trail: Trail | null = null;
  #top = 1;
  /** How many marks are on the stage up to each step. */
  #marked: number[] = [];

  constructor(
    readonly rule: Rule,
    order: number,
  ) {
    this.#lift = LIFT + APART * order;
    this.#line = new Tubes(2 * MOST_STEPS, this.#lineMaterial);
    this.#markMaterial = new MeshLambertMaterial({ flatShading: rule !== "plain" });
    this.#marks = new InstancedMesh(SHAPES[rule](), this.#markMaterial, MOST_STEPS + 2);
    this.#marks.frustumCulled = false;
    this.group.add(this.#line.mesh, this.#marks);
  }

  paint({ trails }: Palette): void {
    const color = trails[this.rule];
    this.#lineMaterial.color.copy(color);
    this.#markMaterial.color.copy(color);
    this.#markMaterial.emissive.copy(color).multiplyScalar(0.35);
  }

  follow(trail: Trail, top: number): void {
    this.#trail = trail;
    this.#top = top;
    this.#marked = [];
    let marked = 0;
    for (const [step, place] of trail.places.entries()) {
      if (step > 0) this.#segment(step - 1, 1);
      if (step > 0 && withinStage(place, place, top)) {
        marked += 1;
        this.#mark(marked, place, DOT);
      }
      this.#marked.push(marked);
    }
  }

  /** Shows a number of steps; a fraction is on the way to the next. */
  show(steps: number): void {
    const trail = this.#trail;
    if (!trail) return;
    const last = trail.places.length - 1;
    const whole = Math.min(Math.floor(steps), last);
    const share = whole === last ? 0 : steps - whole;
    if (whole > 0) this.#segment(whole - 1, 1);
    if (share > 0) this.#segment(whole, share);
    this.#line.show(2 * (whole + (share > 0 ? 1 : 0)));
    const head = between(placeAfter(trail, whole), placeAfter(trail, whole + 1), share);
    const isSeen = steps > 0 && withinStage(head, head, this.#top) !== null;
    this.#mark(0, head, isSeen ? HEAD : 0);
    this.#marks.count = 1 + (this.#marked[whole] ?? 0);
    this.#marks.visible = steps > 0;
  }

  /** The first mark is the one on the way, the others stand on the steps. */
  #mark(index: number, place: Place, size: number): void {
    const at = toScene(place, this.#top, this.#lift);
    this.#marks.setMatrixAt(index, MATRIX.compose(at, UPRIGHT, SCALE.setScalar(size)));
    this.#marks.instanceMatrix.needsUpdate = true;
  }

  /** The part of a step that lies on the stage, up to a share of its way. */
  #segment(step: number, share: number): void {
    const [from, to] = [this.#trail?.places[step], this.#trail?.places[step + 1]];
    if (!from || !to) return;
    const seen = withinStage(from, between(from, to, share), this.#top);
    const [a, b] = seen ?? [from, from];
    this.#line.write(
      2 * step,
      toScene(a, this.#top, this.#lift),
      toScene(b, this.#top, this.#lift),
      seen ? LINE : 0,
    );
    this.#line.write(2 * step + 1, onFloor(a[0], a[1]), onFloor(b[0], b[1]), seen ? SHADOW : 0);
  }
}

const MATRIX = new Matrix4();
const UPRIGHT = new Quaternion();
const SCALE = new Vector3();

/** All paths of a scene. */
export class Trails {
  readonly group = new Group();
  readonly #tracks: Track[];

  constructor(rules: readonly Rule[]) {
    this.#tracks = rules.map((rule, order) => new Track(rule, order));
    this.group.add(...this.#tracks.map(({ group }) => group));
  }

  paint(palette: Palette): void {
    for (const track of this.#tracks) track.paint(palette);
  }

  follow({ trails, top }: Landscape): void {
    for (const trail of trails) this.#tracks.find(({ rule }) => rule === trail.rule)?.follow(trail, top);
  }

  show(steps: number): void {
    for (const track of this.#tracks) track.show(steps);
  }
}
