import type {Activation, Operation} from "./operations";

/**
 * The same network with every ReLU that stands before or behind a max-pooling taken into it: max(relu(x)) =
 * relu(max(x)), and the gradients agree to the last bit (a window without a positive entry passes none either way;
 * any other gives its own to the first maximum). The ReLU then costs no pass over memory of its own.
 */
export function poolFirst(operations: readonly Operation[], activation: Activation): Operation[] {
  const isRelu = ({op}: Operation): boolean =>
    op === "relu" || (op === "activation" && activation === "relu");
  const folded: Operation[] = [];
  for (const operation of operations) {
    const before = folded.at(-1);
    if (operation.op === "maxpool" && before !== undefined && isRelu(before)) {
      folded.splice(-1, 1, {...operation, relu: true});
    } else if (before?.op === "maxpool" && isRelu(operation)) {
      folded.splice(-1, 1, {...before, relu: true});
    } else if (operation.op === "residual") {
      const [main, shortcut] = [operation.main, operation.shortcut].map(part => poolFirst(part, activation));
      folded.push({...operation, main, shortcut});
    } else folded.push(operation);
  }
  return folded;
}
