import type {Activation, Operation} from "./operations";

/**
 * The same network with what costs a pass over memory of its own taken into its neighbour:
 * - a ReLU before or behind a max-pooling, or behind a batch norm. max(relu(x)) = relu(max(x)), and the gradients agree to
 *   the last bit (a window without a positive entry passes none either way; any other gives its own to the first maximum);
 * - a residual's sum, and a ReLU behind it, into the batch norm that ends its main branch;
 * - with `signs`, a binary activation behind a batch norm;
 * - the sum of the gradients of a residual's branches into the batch norm with a ReLU that the residual is behind.
 */
export function foldActivations(
  operations: readonly Operation[],
  activation: Activation,
  signs = false,
): Operation[] {
  const isRelu = ({op}: Operation): boolean =>
    op === "relu" || (op === "activation" && activation === "relu");
  const isSign = ({op}: Operation): boolean => op === "activation" && activation === "sign";
  const folded: Operation[] = [];
  const replaceLast = (operation: Operation): void => void folded.splice(-1, 1, operation);
  for (const operation of operations) {
    const before = folded.at(-1);
    if (operation.op === "maxpool" && before !== undefined && isRelu(before)) {
      replaceLast({...operation, relu: true});
    } else if ((before?.op === "maxpool" || before?.op === "batchnorm") && isRelu(operation)) {
      replaceLast({...before, relu: true});
    } else if (before?.op === "residual" && isRelu(operation) && addsItself(before.main.at(-1))) {
      const norm = {...before.main.at(-1)!, relu: true} as Operation;
      replaceLast({...before, main: [...before.main.slice(0, -1), norm]});
    } else if (signs && before?.op === "batchnorm" && isSign(operation)) {
      replaceLast({...before, sign: true});
    } else if (operation.op === "residual") {
      const [main, shortcut] = [operation.main, operation.shortcut].map(part =>
        foldActivations(part, activation, signs),
      );
      if (before !== undefined) replaceLast(givingTwice(before));
      const last = main.at(-1);
      const plain = last?.op === "batchnorm" && !last.relu && !last.sign;
      folded.push({
        ...operation,
        main: plain ? [...main.slice(0, -1), {...last, adds: true}] : main,
        shortcut,
      });
    } else folded.push(operation);
  }
  return folded;
}

/** The operation, where it ends in a batch norm with a ReLU, with the mark that a residual is next. */
function givingTwice(operation: Operation): Operation {
  if (operation.op === "batchnorm") return operation.relu ? {...operation, twice: true} : operation;
  const last = operation.op === "residual" ? operation.main.at(-1) : undefined;
  if (operation.op !== "residual" || !addsItself(last)) return operation;
  return {...operation, main: [...operation.main.slice(0, -1), givingTwice(last!)]};
}

/** Whether an operation is a batch norm that adds a residual's shortcut. */
export function addsItself(operation: Operation | undefined): boolean {
  return operation?.op === "batchnorm" && operation.adds === true;
}
