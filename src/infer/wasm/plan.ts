import type {BitPlanes} from "./bitPlanes";
import type {BitRow} from "./denseLayer";
import type {FloatPlanes, FloatRow} from "./floatPlanes";
import type {Machine} from "./kernels";

/** What an operation takes and gives, in the layout it has at the time. */
export type Value = FloatPlanes | BitPlanes | FloatRow | BitRow;

/** Does its work for the first `count` images; what handles bits handles all of them. */
export type Step = (count: number) => void;

/** A list of steps under construction. */
export interface Plan {
  readonly machine: Machine;
  readonly images: number;
  readonly steps: Step[];
  /** Memory for real activations. */
  readonly planes: (shape: {
    readonly channels: number;
    readonly h: number;
    readonly w: number;
  }) => FloatPlanes;
}

export const each =
  (run: (image: number) => void): Step =>
  count => {
    for (let i = 0; i < count; i++) run(i);
  };
