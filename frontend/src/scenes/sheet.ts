import { BufferAttribute, BufferGeometry, type Color } from "three";
import { directions, rings, type Surface } from "../numbers/bowl";
import { toScene } from "./space";

/** A surface as a mesh of rays and rings, whose room is made once. */
export class Sheet {
  readonly geometry = new BufferGeometry();
  readonly #rays: number;
  readonly #rings: number;
  readonly #positions: BufferAttribute;
  readonly #colors: BufferAttribute;
  #shares: number[] = [];

  constructor(rays: number, ringCount: number) {
    // The corners of the stage come on top.
    this.#rays = rays + 4;
    this.#rings = ringCount;
    const count = this.#rays * (ringCount + 1);
    this.#positions = new BufferAttribute(new Float32Array(3 * count), 3);
    this.#colors = new BufferAttribute(new Float32Array(3 * count), 3);
    this.geometry.setAttribute("position", this.#positions);
    this.geometry.setAttribute("color", this.#colors);
    this.geometry.setIndex(this.#faces());
  }

  /** Two triangles between each two rays and rings; at the lowest point one of them is empty. */
  #faces(): number[] {
    const faces: number[] = [];
    for (let ring = 0; ring < this.#rings; ring += 1)
      for (let ray = 0; ray < this.#rays; ray += 1) {
        const next = (ray + 1) % this.#rays;
        const [inner, outer] = [ring * this.#rays, (ring + 1) * this.#rays];
        faces.push(inner + ray, outer + ray, outer + next);
        if (ring > 0) faces.push(inner + ray, outer + next, inner + next);
      }
    return faces;
  }

  shape(surface: Surface, top: number): void {
    const places = rings(surface, top, this.#rings, directions(surface.low, this.#rays - 4)).flat();
    this.#shares = places.map(([, , height]) => Math.sqrt(Math.max(height, 0) / top));
    for (const [index, place] of places.entries()) {
      const { x, y, z } = toScene(place, top);
      this.#positions.setXYZ(index, x, y, z);
    }
    this.#positions.needsUpdate = true;
    this.geometry.computeVertexNormals();
    this.geometry.computeBoundingSphere();
  }

  /** Colors each point by its height. */
  tint(low: Color, high: Color): void {
    const mixed = low.clone();
    for (const [index, share] of this.#shares.entries()) {
      mixed.lerpColors(low, high, share);
      this.#colors.setXYZ(index, mixed.r, mixed.g, mixed.b);
    }
    this.#colors.needsUpdate = true;
  }
}
