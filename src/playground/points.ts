import {Stream} from "../core/random";
import type {LabelledInputs} from "../plain/trainRelu";

/** The constants beside x and y: a layer without biases shifts its folds by signed sums of them. */
export const CONSTANTS: readonly number[] = [1, 0.5];

/** Half the side of the square that the points lie in. */
export const REACH = 1.6;

/** Point i of n of a class, without noise, from t = (i + ½)/n. */
type Curve = (t: number, label: 0 | 1) => readonly [x: number, y: number];
export type PointsName = "moons" | "circles" | "spiral";

/** Two classes in the plane, each along a curve. */
export const curves: Readonly<Record<PointsName, Curve>> = {
  moons: (t, label) => {
    const [x, y] = [Math.cos(Math.PI * t), Math.sin(Math.PI * t)];
    return label === 0 ? [0.85 * x - 0.4, 0.95 * y - 0.2] : [-0.85 * x + 0.4, -0.95 * y + 0.2];
  },
  circles: (t, label) => turned(2 * Math.PI * t, label === 0 ? 0.45 : 1.25),
  spiral: (t, label) => turned(1.5 * Math.PI * t + Math.PI * label, 0.2 + 1.2 * t),
};

export const pointsNames: readonly PointsName[] = Object.keys(curves) as PointsName[];

/** What the network is given for a point: x, y and the constants. */
export function inputOf(x: number, y: number): number[] {
  return [x, y, ...CONSTANTS];
}

/** `count` points, half of each class, alternating; each moved by normal noise of standard deviation 0.09. */
export function planePoints(name: PointsName, count: number, seed: number): LabelledInputs {
  const [noise, signs] = [new Stream(seed, "plane/noise"), new Stream(seed, "plane/signs")];
  const moved = (i: number): number => (signs.bit(i) === 1 ? -0.09 : 0.09) * noise.normalMagnitude(i);
  const labels = Uint8Array.from({length: count}, (_, i) => i % 2);
  const inputs = Array.from(labels, (label, i) => {
    const [x, y] = curves[name]((i + 1) / (count + 1), label as 0 | 1);
    return inputOf(x + moved(2 * i), y + moved(2 * i + 1));
  });
  return {inputs: Float64Array.from(inputs.flat()), width: 2 + CONSTANTS.length, labels};
}

function turned(angle: number, radius: number): [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
