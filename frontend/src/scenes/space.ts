import { Vector3 } from "three";
import type { Place } from "../numbers/bowl";
import { FLOOR, HEIGHT } from "./measures";

/** From a place over the plane of weights to the scene: w₁ to the right, w₂ away from the reader, the loss upward. */
export const toScene = ([w1, w2, height]: Place, top: number, lift = 0): Vector3 =>
  new Vector3(w1, (height / top) * HEIGHT + lift, -w2);

/** The same point on the floor. */
export const onFloor = (w1: number, w2: number, lift = 0.02): Vector3 => new Vector3(w1, FLOOR + lift, -w2);
