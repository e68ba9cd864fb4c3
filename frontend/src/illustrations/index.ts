import { type Load, plug } from "./plug";

/** Every kind of figure that a lesson may show, fetched when it comes near. A new kind is one file and one line here. */
export const ILLUSTRATIONS: Record<string, Load> = {
  "descent-curve": plug(() => import("./DescentCurve").then((module) => module.DescentCurve)),
  "descent-valley": plug(() => import("./DescentValley").then((module) => module.DescentValley)),
  "loss-history": plug(() => import("./LossHistory").then((module) => module.LossHistory)),
  "loss-scene": plug(() => import("./LossScene").then((module) => module.LossScene)),
  "weight-plane": plug(() => import("./WeightPlane").then((module) => module.WeightPlane)),
  folds: plug(() => import("./Folds").then((module) => module.Folds)),
  leakage: plug(() => import("./Leakage").then((module) => module.Leakage)),
  winner: plug(() => import("./Winner").then((module) => module.Winner)),
  "weight-paths": plug(() => import("./WeightPaths").then((module) => module.WeightPaths)),
  "validation-curve": plug(() => import("./ValidationCurve").then((module) => module.ValidationCurve)),
  "flexible-fit": plug(() => import("./FlexibleFit").then((module) => module.FlexibleFit)),
};
