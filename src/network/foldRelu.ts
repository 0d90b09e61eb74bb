import type {Activation, Operation} from "./operations";

/**
 * The same network with every ReLU that stands before or behind a max-pooling, or behind a batch norm, taken into it:
 * it then costs no pass over memory of its own. max(relu(x)) = relu(max(x)), and the gradients agree to the last bit
 * (a window without a positive entry passes none either way; any other gives its own to the first maximum).
 */
export function foldRelu(operations: readonly Operation[], activation: Activation): Operation[] {
  const isRelu = ({op}: Operation): boolean =>
    op === "relu" || (op === "activation" && activation === "relu");
  const folded: Operation[] = [];
  for (const operation of operations) {
    const before = folded.at(-1);
    if (operation.op === "maxpool" && before !== undefined && isRelu(before)) {
      folded.splice(-1, 1, {...operation, relu: true});
    } else if ((before?.op === "maxpool" || before?.op === "batchnorm") && isRelu(operation)) {
      folded.splice(-1, 1, {...before, relu: true});
    } else if (operation.op === "residual") {
      const [main, shortcut] = [operation.main, operation.shortcut].map(part => foldRelu(part, activation));
      folded.push({...operation, main, shortcut});
    } else folded.push(operation);
  }
  return folded;
}
