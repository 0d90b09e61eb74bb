import {UserError} from "../core/errors";
import type {ArchitectureName} from "../network/architectures";
import type {Operation} from "../network/operations";
import type {TicketNetwork} from "../ticket/ticket";
import {referenceNetworks} from "../torch/referenceNetworks";

/** A class of the reference implementation, and what its command line must be told to build this network. */
export interface ReferenceClass {
  readonly name: string;
  readonly widthMultiplier: number;
}

/** The unit of `width_mult` in classes that take one: VGG-Small counts in eighths of ours. */
const wideClasses: Readonly<Partial<Record<ArchitectureName, {relu: string; sign: string; times: number}>>> =
  {
    conv4: {relu: "Conv4Wide", sign: "Conv4Wide_BinAct", times: 1},
    conv6: {relu: "Conv6Wide", sign: "Conv6Wide_BinAct", times: 1},
    conv8: {relu: "Conv8Wide", sign: "Conv8Wide_BinAct", times: 1},
    "vgg-small-bn": {relu: "Wide_VGG_Small_132", sign: "Wide_VGG_Small", times: 8},
  };

/**
 * The reference's class of a network, or a UserError that says why there is none. Source: chrundle/biprop f709fc5,
 * models/__init__.py, models/frankle.py, models/resnet.py.
 */
export function referenceClass({arch, activation, width, classes}: TicketNetwork): ReferenceClass {
  const names = [...referenceNetworks].filter(
    ([, network]) => network.arch === arch && network.activation === activation,
  );
  if (names.length === 0)
    throw new UserError(`the reference implementation has no network like ${arch} (${activation})`);
  const made = arch.includes("resnet") && !arch.startsWith("cifar") ? 1000 : 10;
  if (classes !== made)
    throw new UserError(
      `the reference builds ${arch} with ${made} classes alone, and the ticket has ${classes}`,
    );
  const wide = wideClasses[arch];
  const takesWidth = arch === "vgg-small-bn" || width !== 1;
  if (takesWidth && wide === undefined)
    throw new UserError(`the reference builds ${arch} at width 1 alone, and the ticket's is ${width}`);
  return wide !== undefined && takesWidth
    ? {name: wide[activation], widthMultiplier: width * wide.times}
    : {name: names[0][0], widthMultiplier: 1};
}

/** The reference's module of each layer and batch norm of ours. */
export function moduleNames(arch: ArchitectureName, operations: readonly Operation[]): Map<string, string> {
  const names = new Map<string, string>();
  if (arch.includes("resnet")) visitResidual(operations, arch, names);
  else visitSequence(operations, names);
  return names;
}

/** Two sequences, `convs` before the flattening and `linear` behind it, in which every operation has a number. */
function visitSequence(operations: readonly Operation[], names: Map<string, string>): void {
  const flat = operations.findIndex(({op}) => op === "flatten");
  operations.forEach((operation, i) => {
    const module = i < flat ? `convs.${i}` : `linear.${i - flat - 1}`;
    if ("name" in operation) names.set(operation.name, module);
  });
}

/** `stem` is conv1 and bn1, `l2.0.conv1` layer2.0.conv1 and layer2.0.bn1, a shortcut a sequence of two. */
function visitResidual(
  operations: readonly Operation[],
  arch: ArchitectureName,
  names: Map<string, string>,
): void {
  const shortcut = arch.startsWith("cifar") ? "shortcut" : "downsample";
  for (const operation of operations) {
    if (operation.op === "residual") {
      visitResidual(operation.main, arch, names);
      visitResidual(operation.shortcut, arch, names);
    } else if ("name" in operation) {
      const isNorm = operation.op === "batchnorm";
      const layer = operation.name.replace(/\.bn$/, "").replace(/^l(\d)/, "layer$1");
      const module = layer
        .replace(/^stem$/, isNorm ? "bn1" : "conv1")
        .replace(/\.shortcut$/, `.${shortcut}.${isNorm ? 1 : 0}`);
      names.set(operation.name, isNorm ? module.replace(/\.conv(\d)$/, ".bn$1") : module);
    }
  }
}
