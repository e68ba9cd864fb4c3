import { PerspectiveCamera, Vector3 } from "three";
import { REACH } from "../numbers/descent";
import { type Angle, HOME } from "./orbit";
import { FLOOR, HEIGHT } from "./space";

const FIELD = 26;
const CENTER = new Vector3(0, (FLOOR + HEIGHT) / 2 - 0.1, 0);
/** Room around the stage for the labels. */
const ROOM = 1.16;

/** A camera that keeps the whole stage in a window of any shape, from whichever side. */
export class Lens {
  readonly camera = new PerspectiveCamera(FIELD, 1, 1, 100);
  #distance = 16;

  fit(width: number, height: number): void {
    this.camera.aspect = width / height;
    this.#distance = farEnough(this.camera.aspect);
    this.camera.updateProjectionMatrix();
  }

  look({ turn, tilt, zoom }: Angle): void {
    const flat = Math.cos(tilt);
    const away = this.#distance / zoom;
    this.camera.position
      .set(Math.sin(turn) * flat, Math.sin(tilt), Math.cos(turn) * flat)
      .multiplyScalar(away)
      .add(CENTER);
    this.camera.lookAt(CENTER);
    this.camera.updateMatrixWorld();
  }
}

const CORNERS = [-REACH, REACH].flatMap((x) =>
  [-REACH, REACH].flatMap((z) => [FLOOR, HEIGHT].map((y) => new Vector3(x, y, z).multiplyScalar(ROOM))),
);

/** The distance from which every corner of the stage is in view, however it is turned at the usual tilt. */
export function farEnough(aspect: number): number {
  const half = Math.tan(((FIELD / 2) * Math.PI) / 180);
  let needed = 0;
  for (let turn = 0; turn < Math.PI / 2; turn += Math.PI / 24) {
    const ahead = new Vector3(
      Math.sin(turn) * Math.cos(HOME.tilt),
      Math.sin(HOME.tilt),
      Math.cos(turn) * Math.cos(HOME.tilt),
    );
    const across = new Vector3(ahead.z, 0, -ahead.x).normalize();
    const up = new Vector3().crossVectors(ahead, across);
    for (const corner of CORNERS) {
      const from = corner.clone().sub(CENTER);
      const reach = Math.max(Math.abs(from.dot(across)) / aspect, Math.abs(from.dot(up))) / half;
      needed = Math.max(needed, reach + from.dot(ahead));
    }
  }
  return needed;
}
