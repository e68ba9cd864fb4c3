import { type Camera, Vector3 } from "three";
import { REACH } from "../numbers/descent";
import { FLOOR, HEIGHT } from "./measures";

const TICKS = [-2, 0, 2];
const OUT = 0.36;
const FAR_OUT = 0.95;

/** A corner of the stage in the scene's own x and z. */
export type Corner = readonly [x: number, z: number];

interface Label {
  element: HTMLElement;
  at: Vector3;
}

/** The names and ticks of the axes, as text over the canvas; each stands at the edge that is nearer to the reader. */
export class Labels {
  readonly #labels: Label[] = [];
  readonly #host: HTMLElement;
  readonly #spot = new Vector3();

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Writes the labels for a view from this side, with the loss going up to `top`; returns the corner where it does. */
  write(camera: Camera, top: number): Corner {
    const { x, z } = camera.position;
    const [side, front] = [Math.sign(x) || 1, Math.sign(z) || 1];
    const corner = leftmost(side, front, x, z);
    const wanted: [string, string, Vector3][] = [
      ["w₁", "axis", new Vector3(0, FLOOR, front * (REACH + FAR_OUT))],
      ["w₂", "axis", new Vector3(side * (REACH + FAR_OUT), FLOOR, 0)],
      ...TICKS.map((tick): [string, string, Vector3] => [
        text(tick),
        "tick",
        new Vector3(tick, FLOOR, front * (REACH + OUT)),
      ]),
      ...TICKS.map((tick): [string, string, Vector3] => [
        text(tick),
        "tick",
        new Vector3(side * (REACH + OUT), FLOOR, -tick),
      ]),
      ...this.#heights(corner, top),
    ];
    for (const [index, [words, kind, at]] of wanted.entries()) {
      const label = this.#labels[index] ?? this.#add();
      label.at.copy(at);
      if (label.element.textContent !== words) label.element.textContent = words;
      label.element.dataset.kind = kind;
    }
    return corner;
  }

  #heights([x, z]: Corner, top: number): [string, string, Vector3][] {
    const at = (share: number) => new Vector3(x * 1.09, share * HEIGHT, z * 1.09);
    return [
      ["loss", "axis", new Vector3(x * 1.02, HEIGHT * 1.26, z * 1.02)],
      ...[0, 0.5, 1].map((share): [string, string, Vector3] => [text(share * top), "height", at(share)]),
    ];
  }

  #add(): Label {
    const element = document.createElement("span");
    element.className = "scene-label";
    this.#host.append(element);
    const label = { element, at: new Vector3() };
    this.#labels.push(label);
    return label;
  }

  /** Puts each label where its point is seen. */
  place(camera: Camera, width: number, height: number): void {
    for (const { element, at } of this.#labels) {
      this.#spot.copy(at).project(camera);
      const x = ((this.#spot.x + 1) / 2) * width;
      const y = ((1 - this.#spot.y) / 2) * height;
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    }
  }

  clear(): void {
    for (const { element } of this.#labels) element.remove();
    this.#labels.length = 0;
  }
}

/** The corner of the stage that the reader sees farthest to the left: there the loss is written, over nothing else. */
export function leftmost(side: number, front: number, x: number, z: number): Corner {
  const corners: Corner[] = [
    [side * REACH, -front * REACH],
    [-side * REACH, front * REACH],
  ];
  // To the left of a reader at (x, z) who looks at the origin is (-z, x).
  const leftness = ([cx, cz]: Corner) => -(cx * z - cz * x);
  const [one, other] = corners;
  if (!one || !other) return [-REACH, REACH];
  return leftness(one) > leftness(other) ? one : other;
}

const text = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
