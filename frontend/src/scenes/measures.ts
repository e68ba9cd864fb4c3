/** The stage in units of the scene: weights as they are, the top of the loss at HEIGHT, and a floor below. */
export const HEIGHT = 2.8;
export const FLOOR = -1.3;
