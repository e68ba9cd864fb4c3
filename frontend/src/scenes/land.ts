import {
  BackSide,
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  FrontSide,
  Group,
  type Material,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PlaneGeometry,
  SphereGeometry,
  TorusGeometry,
  Vector3,
} from "three";
import { bowlLevels, directions, levelLines, type Surface } from "../numbers/bowl";
import { REACH, type Weights } from "../numbers/descent";
import type { Landscape } from "../numbers/landscape";
import type { Corner } from "./labels";
import { FLOOR, HEIGHT } from "./measures";
import type { Palette } from "./palette";
import { Sheet } from "./sheet";
import { onFloor, toScene } from "./space";
import { Tubes } from "./tubes";

const RAYS = 96;
const LEVELS = 9;
const REGION = 120;

const see = (material: MeshBasicMaterial, opacity: number): MeshBasicMaterial => {
  material.transparent = true;
  material.opacity = opacity;
  material.depthWrite = false;
  return material;
};

/** What does not move while a path runs: the surfaces, their lines, the region, the floor and the minima. */
export class Land {
  readonly group = new Group();
  readonly #ground = new Sheet(RAYS, 32);
  readonly #priced = new Sheet(64, 14);
  // From above the surface is solid; what of it stands between the reader and its inside is like glass.
  readonly #inside = new MeshLambertMaterial({
    vertexColors: true,
    side: FrontSide,
    polygonOffset: true,
    polygonOffsetFactor: 2,
    polygonOffsetUnits: 2,
  });
  readonly #glass = see(new MeshBasicMaterial({ side: BackSide }), 0.2);
  readonly #veil = see(new MeshBasicMaterial({ side: DoubleSide }), 0.13);
  readonly #floor = new MeshBasicMaterial({
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: 3,
    polygonOffsetUnits: 3,
  });
  readonly #inRegion = see(new MeshBasicMaterial({ side: DoubleSide }), 0.3);
  readonly #lineColors = {
    contour: new MeshBasicMaterial(),
    floorContour: new MeshBasicMaterial(),
    line: new MeshBasicMaterial(),
    axis: new MeshBasicMaterial(),
    penalty: new MeshBasicMaterial(),
    best: new MeshBasicMaterial(),
    start: new MeshLambertMaterial(),
  };
  readonly #contours = new Tubes(LEVELS * (RAYS + 6), this.#lineColors.contour);
  readonly #floorContours = new Tubes(LEVELS * (RAYS + 6), this.#lineColors.floorContour);
  readonly #floorLines = new Tubes(16, this.#lineColors.line);
  readonly #penaltyLines = new Tubes(REGION + 4 * (64 + 6), this.#lineColors.penalty);
  readonly #region = fan(REGION);
  readonly #regionMesh = new Mesh(this.#region, this.#inRegion);
  readonly #veilMesh = new Mesh(this.#priced.geometry, this.#veil);
  readonly #bestPin = new Pin(this.#lineColors.best);
  readonly #pricedPin = new Pin(this.#lineColors.penalty);
  readonly #start = new Mesh(new SphereGeometry(0.13, 16, 12), this.#lineColors.start);
  readonly #post = new Tubes(4, this.#lineColors.axis);
  readonly #startPin = new Tubes(1, this.#lineColors.penalty);

  constructor() {
    const floor = new Mesh(new PlaneGeometry(2 * REACH, 2 * REACH), this.#floor);
    floor.rotation.x = -Math.PI / 2;
    floor.position.y = FLOOR;
    const glass = new Mesh(this.#ground.geometry, this.#glass);
    this.#regionMesh.position.y = FLOOR + 0.008;
    this.#regionMesh.renderOrder = 1;
    this.#veilMesh.renderOrder = 2;
    glass.renderOrder = 3;
    for (const mesh of [this.#regionMesh, this.#veilMesh, glass]) mesh.frustumCulled = false;
    this.#floorLines.lines(floorLines(), 0.011);
    this.group.add(
      floor,
      new Mesh(this.#ground.geometry, this.#inside),
      glass,
      this.#veilMesh,
      this.#regionMesh,
      this.#contours.mesh,
      this.#floorContours.mesh,
      this.#floorLines.mesh,
      this.#penaltyLines.mesh,
      this.#bestPin.group,
      this.#pricedPin.group,
      this.#start,
      this.#startPin.mesh,
      this.#post.mesh,
    );
  }

  paint(palette: Palette): void {
    this.#ground.tint(palette.low, palette.high);
    this.#glass.color.copy(palette.contour);
    this.#veil.color.copy(palette.penalty);
    this.#inRegion.color.copy(palette.penalty);
    this.#floor.color.copy(palette.floor);
    for (const name of ["contour", "floorContour", "line", "axis", "penalty", "best", "start"] as const)
      this.#lineColors[name].color.copy(palette[name]);
    this.#lineColors.start.emissive.copy(palette.start).multiplyScalar(0.4);
  }

  shape({ ground, data, priced, region, best, pricedBest, top, start }: Landscape): void {
    this.#ground.shape(ground, top);
    this.#contours.lines(
      linesOf(ground, top, RAYS, (line) => line.map((place) => toScene(place, top, 0.024))),
      0.014,
    );
    this.#floorContours.lines(
      data ? linesOf(data, top, RAYS, (line) => line.map(([w1, w2]) => onFloor(w1, w2, 0.012))) : [],
      0.013,
    );
    if (priced) this.#priced.shape(priced, top);
    this.#veilMesh.visible = priced !== null && priced.height !== ground.height;
    this.#penalty(priced, region, top);
    const height = (w: Weights) => toScene([w[0], w[1], ground.height(w)], top, 0.03);
    this.#bestPin.stand(best && height(best));
    this.#pricedPin.stand(pricedBest && height(pricedBest));
    const foot = toScene([start[0], start[1], Math.min(ground.height(start), top)], top, 0.1);
    this.#start.position.copy(foot);
    this.#startPin.lines([[foot, onFloor(start[0], start[1])]], 0.012);
  }

  /** Puts the axis of the loss on a corner of the stage. */
  raise([x, z]: Corner): void {
    const at = (share: number, out = 1) => new Vector3(x * out, share * HEIGHT, z * out);
    const ticks = [0, 0.5, 1].map((share) => [at(share), at(share, 1.04)]);
    this.#post.lines([[at(0), at(1.14)], ...ticks], 0.011);
  }

  #penalty(priced: Surface | null, region: Weights[] | null, top: number): void {
    const around = region?.map(([w1, w2]) => onFloor(w1, w2, 0.03)) ?? [];
    const edge = around.length ? [[...around, around[0] as Vector3]] : [];
    const rims = priced ? levelsOf(priced, 3).flatMap((level) => scenic(priced, level, top)) : [];
    this.#penaltyLines.lines([...edge, ...rims], 0.014);
    this.#regionMesh.visible = region !== null;
    const positions = this.#region.getAttribute("position");
    for (const [index, [w1, w2]] of (region ?? []).entries()) positions.setXYZ(index + 1, w1, 0, -w2);
    positions.needsUpdate = true;
  }
}

/** A few levels between the bottom of the penalty and its height on the axes at the edge of the stage. */
const levelsOf = ({ height }: Surface, count: number): number[] =>
  Array.from({ length: count }, (_, index) => (height([REACH, 0]) * (index + 1)) / count);

const scenic = (surface: Surface, level: number, top: number): Vector3[][] =>
  level > top
    ? []
    : levelLines(surface, level * 0.9999, directions(surface.low, 60)).map((line) =>
        line.map((place) => toScene(place, top)),
      );

type Line = ReturnType<typeof levelLines>[number];

const linesOf = (surface: Surface, top: number, rays: number, draw: (line: Line) => Vector3[]): Vector3[][] =>
  bowlLevels(top, LEVELS)
    .flatMap((level) => levelLines(surface, level, directions(surface.low, rays)))
    .map(draw);

/** The edge of the floor and the two axes on it. */
function floorLines(): Vector3[][] {
  const corner = (w1: number, w2: number) => onFloor(w1 * REACH, w2 * REACH, 0.004);
  return [
    [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)],
    [corner(-1, 0), corner(1, 0)],
    [corner(0, -1), corner(0, 1)],
  ];
}

/** Triangles from the origin to an edge of a number of points around it. */
function fan(points: number): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(3 * (points + 1)), 3));
  geometry.setIndex(
    Array.from({ length: points }, (_, index) => [0, index + 1, ((index + 1) % points) + 1]).flat(),
  );
  return geometry;
}

/** A minimum: a ring on the surface, the same on the floor, and a thread between them. */
class Pin {
  readonly group = new Group();
  readonly #above: Mesh;
  readonly #below: Mesh;
  readonly #thread: Tubes;

  constructor(material: Material) {
    const ring = new TorusGeometry(0.15, 0.032, 6, 24).rotateX(Math.PI / 2);
    this.#above = new Mesh(ring, material);
    this.#below = new Mesh(ring, material);
    this.#thread = new Tubes(1, material);
    this.group.add(this.#above, this.#below, this.#thread.mesh);
  }

  stand(at: Vector3 | null): void {
    this.group.visible = at !== null;
    if (!at) return;
    this.#above.position.copy(at);
    this.#below.position.set(at.x, FLOOR + 0.04, at.z);
    this.#thread.lines([[at, this.#below.position]], 0.012);
  }
}
