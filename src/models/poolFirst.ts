import type {Activation, Operation} from "./operations";

/**
 * The same network with every ReLU that stands before a max-pooling put behind it: max(relu(x)) = relu(max(x)), and
 * the gradients agree to the last bit (a window without a positive entry passes none either way; any other gives its
 * own to the first maximum). The ReLU then works on a quarter of the values.
 */
export function poolFirst(operations: readonly Operation[], activation: Activation): Operation[] {
  const isRelu = ({op}: Operation): boolean =>
    op === "relu" || (op === "activation" && activation === "relu");
  const swapped: Operation[] = [];
  for (const operation of operations) {
    const before = swapped.at(-1);
    if (operation.op === "maxpool" && before !== undefined && isRelu(before)) {
      swapped.splice(-1, 1, operation, before);
    } else if (operation.op === "residual") {
      const [main, shortcut] = [operation.main, operation.shortcut].map(part => poolFirst(part, activation));
      swapped.push({...operation, main, shortcut});
    } else swapped.push(operation);
  }
  return swapped;
}
