import { BufferAttribute, BufferGeometry, type Material, Mesh, Vector3 } from "three";

const SIDES = 4;
const CORNERS = 2 * SIDES;
const INDICES = 6 * SIDES;

/** The sides of a segment, by the corners around its two ends. */
const SEGMENT = Array.from({ length: SIDES }, (_, side) => {
  const next = (side + 1) % SIDES;
  return [side, next, side + SIDES, next, next + SIDES, side + SIDES];
}).flat();

const UP = new Vector3(0, 1, 0);
const RIGHT = new Vector3(1, 0, 0);

/**
 * Straight pieces of line with a thickness, in one mesh.
 *
 * Lines of WebGL are one pixel thin on every screen. The room for `capacity` pieces is made once, so that moving them
 * makes no garbage.
 */
export class Tubes {
  readonly mesh: Mesh;
  readonly #positions: BufferAttribute;
  readonly #capacity: number;
  readonly #along = new Vector3();
  readonly #side = new Vector3();
  readonly #other = new Vector3();
  readonly #corner = new Vector3();

  constructor(capacity: number, material: Material) {
    this.#capacity = capacity;
    this.#positions = new BufferAttribute(new Float32Array(capacity * CORNERS * 3), 3);
    const index = new Uint32Array(capacity * INDICES);
    for (let piece = 0; piece < capacity; piece += 1)
      for (const [place, corner] of SEGMENT.entries())
        index[piece * INDICES + place] = piece * CORNERS + corner;
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", this.#positions);
    geometry.setIndex(new BufferAttribute(index, 1));
    this.mesh = new Mesh(geometry, material);
    // Its bounds change with every piece, and the stage is in view anyway.
    this.mesh.frustumCulled = false;
    this.show(0);
  }

  /** Puts a piece from one end to the other. */
  write(piece: number, from: Vector3, to: Vector3, radius: number): void {
    if (piece >= this.#capacity) return;
    this.#along.subVectors(to, from).normalize();
    this.#side.crossVectors(this.#along, Math.abs(this.#along.y) > 0.9 ? RIGHT : UP).normalize();
    this.#other.crossVectors(this.#along, this.#side);
    for (let corner = 0; corner < CORNERS; corner += 1) {
      const angle = (2 * Math.PI * (corner % SIDES)) / SIDES;
      this.#corner
        .copy(corner < SIDES ? from : to)
        .addScaledVector(this.#side, radius * Math.cos(angle))
        .addScaledVector(this.#other, radius * Math.sin(angle));
      this.#positions.setXYZ(piece * CORNERS + corner, this.#corner.x, this.#corner.y, this.#corner.z);
    }
    this.#positions.needsUpdate = true;
  }

  /** Puts lines through points one after the other and shows them. */
  lines(lines: readonly (readonly Vector3[])[], radius: number): void {
    let piece = 0;
    for (const line of lines)
      for (let index = 1; index < line.length; index += 1) {
        const [from, to] = [line[index - 1], line[index]];
        if (!from || !to) continue;
        this.write(piece, from, to, radius);
        piece += 1;
      }
    this.show(piece);
  }

  /** Shows only this number of pieces, the first. */
  show(pieces: number): void {
    this.mesh.geometry.setDrawRange(0, Math.min(pieces, this.#capacity) * INDICES);
    this.mesh.visible = pieces > 0;
  }
}
