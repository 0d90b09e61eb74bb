import {type ArchitectureName, architectures, operationsOf} from "../../src/network/architectures";
import {type Counts, countWeights} from "../../src/network/cost";
import type {Activation} from "../../src/network/operations";

/** What a named network has and keeps, on images of its own data set. */
export function counts(
  arch: ArchitectureName,
  keep: number,
  width = 1,
  activation: Activation = "sign",
): Counts {
  return countWeights(operationsOf({arch, activation, width}), architectures[arch].image, keep);
}
