import {UserError} from "../../core/errors";
import type {Operation} from "../../network/operations";

/** The operations that lead to the one called `name`, without it: what they give is what it takes. */
export function operationsBefore(operations: readonly Operation[], name: string): Operation[] {
  const found = before(operations, name);
  if (found === undefined) throw new UserError(`the network has no operation called ${name}`);
  return found;
}

/** The same, with it. */
export function operationsThrough(operations: readonly Operation[], name: string): Operation[] {
  return [...operationsBefore(operations, name), operationNamed(operations, name)];
}

/** The operation called `name`, be it within a residual. */
export function operationNamed(operations: readonly Operation[], name: string): Operation {
  for (const operation of operations) {
    if ("name" in operation && operation.name === name) return operation;
    if (operation.op !== "residual") continue;
    const inside = [operation.main, operation.shortcut].find(part => before(part, name));
    if (inside) return operationNamed(inside, name);
  }
  throw new UserError(`the network has no operation called ${name}`);
}

function before(operations: readonly Operation[], name: string): Operation[] | undefined {
  for (const [i, operation] of operations.entries()) {
    const way = operations.slice(0, i);
    if ("name" in operation && operation.name === name) return way;
    if (operation.op !== "residual") continue;
    const inside = before(operation.main, name) ?? before(operation.shortcut, name);
    if (inside) return [...way, ...inside];
  }
  return undefined;
}
