import { PerspectiveCamera, Vector3 } from "three";
import { REACH } from "../numbers/descent";
import { FLOOR, HEIGHT } from "./measures";
import { type Angle, HOME } from "./orbit";

const FIELD = 26;
const CENTER = new Vector3(0, (FLOOR + HEIGHT) / 2, 0);
/** Room for the labels, around the floor, above, and beside the axis of the loss. */
const ROOM = { floor: REACH * 1.17, top: HEIGHT * 1.2, post: REACH * 1.09 };
/** Half the width of the longest label, in CSS pixels. */
const LABEL = 22;

/** A camera that keeps the whole stage in a window of any shape, as large as it can be. */
export class Lens {
  readonly camera = new PerspectiveCamera(FIELD, 1, 1, 200);
  #distance = 16;

  fit(width: number, height: number): void {
    const { distance, shift } = fitting(width, height);
    this.#distance = distance;
    this.camera.aspect = width / height;
    // The middle of what is seen is not where the camera looks: the near side of the floor is larger than the far one.
    this.camera.setViewOffset(width, height, 0, (-shift * height) / (2 * HALF), width, height);
  }

  look({ turn, tilt, zoom }: Angle): void {
    this.camera.position
      .copy(toward(turn, tilt))
      .multiplyScalar(this.#distance / zoom)
      .add(CENTER);
    this.camera.lookAt(CENTER);
    this.camera.updateMatrixWorld();
  }
}

const HALF = Math.tan(((FIELD / 2) * Math.PI) / 180);

/** The direction to the reader. */
const toward = (turn: number, tilt: number): Vector3 =>
  new Vector3(Math.sin(turn) * Math.cos(tilt), Math.sin(tilt), Math.cos(turn) * Math.cos(tilt));

const SIGNS = [-1, 1];
const CORNERS = SIGNS.flatMap((x) =>
  SIGNS.flatMap((z) => [
    new Vector3(x * ROOM.floor, FLOOR, z * ROOM.floor),
    new Vector3(x * ROOM.post, ROOM.top, z * ROOM.post),
  ]),
).map((corner) => corner.sub(CENTER));

interface Fitting {
  distance: number;
  /** How far above the middle the middle of the picture lies, as the tangent of its angle. */
  shift: number;
}

const NEAREST = 8;
const FARTHEST = 80;

/** The shortest distance from which the whole stage is in a window of this size, at the usual angle. */
export function fitting(width: number, height: number): Fitting {
  const aspect = Math.max(width - 2 * LABEL, 1) / height;
  let [near, far] = [NEAREST, FARTHEST];
  for (let halving = 0; halving < 30; halving += 1) {
    const middle = (near + far) / 2;
    if (fits(middle, aspect)) far = middle;
    else near = middle;
  }
  const { low, high } = extent(far);
  return { distance: far, shift: (low + high) / 2 };
}

function fits(distance: number, aspect: number): boolean {
  const { low, high, across } = extent(distance);
  return (high - low) / 2 <= HALF && across <= HALF * aspect;
}

/** How far up, down and across the corners of the stage are seen from this distance. */
function extent(distance: number): { low: number; high: number; across: number } {
  const ahead = toward(HOME.turn, HOME.tilt);
  const right = new Vector3(ahead.z, 0, -ahead.x).normalize();
  const up = new Vector3().crossVectors(ahead, right);
  const seen = CORNERS.map((corner) => {
    const depth = distance - corner.dot(ahead);
    return { up: corner.dot(up) / depth, across: Math.abs(corner.dot(right)) / depth };
  });
  return {
    low: Math.min(...seen.map((corner) => corner.up)),
    high: Math.max(...seen.map((corner) => corner.up)),
    across: Math.max(...seen.map((corner) => corner.across)),
  };
}
