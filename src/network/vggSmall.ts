import {
  type Activation,
  activate,
  conv3x3,
  dense,
  flatten,
  halve,
  norm,
  type Operation,
  relu,
} from "./operations";

/**
 * VGG-Small as the reference's tickets have it: 128-128-256-256-512-512 and one dense layer, batch norm only after
 * the poolings. With ReLU only the first convolution and the last block are followed by one: elsewhere max-pooling
 * is all the nonlinearity there is.
 *
 * Source: chrundle/biprop f709fc5, models/frankle.py, VGG_Small and VGG_Small_BinAct.
 */
export function vggSmall(activation: Activation, width: number, classes: number): Operation[] {
  const between = activation === "relu" ? [] : [activate];
  return [
    ...blocks(width, block => ({
      inner: activation === "sign" || block === 0 ? [activate] : [],
      outer: (name: string) => [halve, norm(name), ...(block === 2 ? [relu] : between)],
    })),
    flatten,
    dense("fc1", classes),
  ];
}

/**
 * VGG-Small with batch norm before every activation; the last activation is a ReLU. Width 1.25 is the reference's
 * `width_mult: 10`.
 *
 * Source: chrundle/biprop f709fc5, models/frankle.py, VGG_Small_bn_BinAct, Wide_VGG_Small and Wide_VGG_Small_132.
 */
export function vggSmallBn(_activation: Activation, width: number, classes: number): Operation[] {
  return [
    ...blocks(width, block => ({
      inner: [norm(`conv${2 * block + 1}`), activate],
      outer: (name: string) => [halve, norm(name), block === 2 ? relu : activate],
    })),
    flatten,
    dense("fc1", classes),
  ];
}

interface Block {
  readonly inner: readonly Operation[];
  readonly outer: (name: string) => readonly Operation[];
}

function blocks(width: number, tails: (block: number) => Block): Operation[] {
  return [128, 256, 512].flatMap((size, block) => {
    const filters = Math.trunc(size * width);
    const [first, second] = [`conv${2 * block + 1}`, `conv${2 * block + 2}`];
    const {inner, outer} = tails(block);
    return [conv3x3(first, filters), ...inner, conv3x3(second, filters), ...outer(second)];
  });
}
