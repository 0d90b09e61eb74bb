/** [height, width, channels]. */
export type ImageShape = readonly [number, number, number];

/**
 * A network as data: operations in the order they run, NHWC. Convolutions and dense layers have no bias; both are
 * masked. `activation` is ReLU in MPT-1/32 and sign in MPT-1/1; `relu` is ReLU in both.
 */
export type Operation =
  | {
      readonly op: "conv";
      readonly name: string;
      readonly filters: number;
      readonly kernel: number;
      readonly stride: number;
      readonly pad: number;
      /** A sum that is 0 but for rounding is 0: a sign comes next. Only `settled` sets this. */
      readonly beforeSign?: true;
    }
  | {
      readonly op: "dense";
      readonly name: string;
      readonly units: number;
      /** All inputs are whole multiples of it, and so sums are of it times the gain. Only `settled` sets this. */
      readonly inputStep?: number;
    }
  | {
      readonly op: "batchnorm";
      readonly name: string;
      /** ReLU behind it. Only building a network sets this; architectures name their ReLUs. */
      readonly relu?: true;
      /** The binary activation behind it; set as `relu` is. */
      readonly sign?: true;
      /** Last of a residual's main branch: adds the shortcut to what it gives, before a ReLU. Set as `relu` is. */
      readonly adds?: true;
      /** A residual is next: it gives what it gives to either branch, and sums their gradients. Set as `relu` is. */
      readonly twice?: true;
    }
  | {readonly op: "activation"}
  | {readonly op: "relu"}
  | {
      readonly op: "maxpool";
      readonly size: number;
      readonly stride: number;
      readonly pad: number;
      /** As of batchnorm. */
      readonly relu?: true;
    }
  /** The mean over height and width; output [batch, channels]. */
  | {readonly op: "avgpool"}
  | {readonly op: "flatten"}
  /** main(x) + shortcut(x); an empty shortcut is the identity. */
  | {readonly op: "residual"; readonly main: readonly Operation[]; readonly shortcut: readonly Operation[]};

/** MPT-1/32: binary weights, real activations. MPT-1/1: both binary. */
export type Activation = "relu" | "sign";

/** A network for any activation, width multiplier and number of classes. */
export type Plan = (activation: Activation, width: number, classes: number) => Operation[];

export function conv3x3(name: string, filters: number, stride = 1): Operation {
  return {op: "conv", name, filters, kernel: 3, stride, pad: 1};
}

export function conv1x1(name: string, filters: number, stride = 1): Operation {
  return {op: "conv", name, filters, kernel: 1, stride, pad: 0};
}

export function dense(name: string, units: number): Operation {
  return {op: "dense", name, units};
}

export function norm(name: string): Operation {
  return {op: "batchnorm", name: `${name}.bn`};
}

export const activate: Operation = {op: "activation"};
export const relu: Operation = {op: "relu"};
export const flatten: Operation = {op: "flatten"};
export const halve: Operation = {op: "maxpool", size: 2, stride: 2, pad: 0};
export const globalAverage: Operation = {op: "avgpool"};
