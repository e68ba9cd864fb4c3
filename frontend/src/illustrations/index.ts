import { type Load, plug } from "./plug";

/** Every kind of figure that a lesson may show, fetched when it comes near. A new kind is one file and one line here. */
export const ILLUSTRATIONS: Record<string, Load> = {
  "descent-curve": plug(() => import("./DescentCurve").then((module) => module.DescentCurve)),
  "loss-scene": plug(() => import("./LossScene").then((module) => module.LossScene)),
};
