import type {ArchitectureName} from "../../network/architectures";
import {searchSpec} from "../../search/defaults";

/** Epochs that the reference trains a dense network for: its learning rate is made for as many. */
export function denseEpochs(arch: ArchitectureName): number {
  return searchSpec({arch, method: "dense"}).epochs;
}

/** What is compared: a place of a table, or a cell. */
export interface Trained {
  readonly arch: ArchitectureName;
  readonly method: string;
  readonly epochs: number;
}

/**
 * The epochs that two places would both have to have before one says anything of the other: a ticket beside its dense
 * network is judged only where both ran for as long as the dense one is trained as meant. Undefined where they may be
 * compared: they are long enough, or no dense network is beside a ticket.
 */
export function epochsLacking(one: Trained, other: Trained): number | undefined {
  const dense = [one, other].filter(each => each.method === "dense");
  if (dense.length !== 1) return undefined;
  const meant = denseEpochs(dense[0].arch);
  return Math.min(one.epochs, other.epochs) < meant ? meant : undefined;
}
