import {
  type Activation,
  activate,
  conv3x3,
  dense,
  flatten,
  halve,
  norm,
  type Operation,
  type Plan,
} from "./operations";

/**
 * Conv2/4/6/8: blocks of two 3×3 convolutions and a pooling, then three dense layers. With ReLU there is no batch
 * norm; with sign: conv BN sign · conv pool BN sign, and BN sign between the dense layers. Ours: with `norms: "always"`
 * ReLU nets have the batch norm of the sign nets, in the same places; with "never" sign nets have none.
 *
 * Source: chrundle/biprop f709fc5, models/frankle.py (Conv2 … Conv8Wide_BinAct). A width multiplies every layer but
 * the last, truncated.
 */
export function convNet(
  blocks: readonly number[],
  hidden: readonly number[],
  norms: "before signs" | "always" | "never" = "before signs",
): Plan {
  return (activation, width, classes) => {
    const plain = activation === "relu" && norms !== "always";
    const normOf = (name: string): Operation[] => (norms === "never" ? [] : [norm(name)]);
    const scaled = (size: number): number => Math.trunc(size * width);
    const convolutions = blocks.flatMap((size, block) => {
      const first = `conv${2 * block + 1}`;
      const second = `conv${2 * block + 2}`;
      const inner = conv3x3(first, scaled(size));
      const outer = conv3x3(second, scaled(size));
      return plain
        ? [inner, activate, outer, activate, halve]
        : [inner, ...normOf(first), activate, outer, halve, ...normOf(second), activate];
    });
    const head = hidden.flatMap((size, i) => {
      const name = `fc${i + 1}`;
      const layer = dense(name, scaled(size));
      return plain ? [layer, activate] : [layer, ...normOf(name), activate];
    });
    return [...convolutions, flatten, ...head, dense(`fc${hidden.length + 1}`, classes)];
  };
}

/**
 * A small net for 28×28 digits: conv pool conv pool dense dense. With ReLU without batch norm, with sign: BN before
 * every sign. Ours, not the paper's.
 */
export function digitsNet(activation: Activation, width: number, classes: number): Operation[] {
  const scaled = (size: number): number => Math.trunc(size * width);
  const tail = (name: string): Operation[] => (activation === "relu" ? [activate] : [norm(name), activate]);
  return [
    conv3x3("conv1", scaled(32)),
    halve,
    ...tail("conv1"),
    conv3x3("conv2", scaled(64)),
    halve,
    ...tail("conv2"),
    flatten,
    dense("fc1", scaled(256)),
    ...tail("fc1"),
    dense("fc2", classes),
  ];
}
