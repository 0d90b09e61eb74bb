// A web page has no compiled operations.
import type {Kernels} from "./nativeOperations";

export function kernelsAsked(): Kernels {
  return "fused";
}

export function vectorWidth(): never {
  throw new RangeError("a web page has no compiled operations");
}

export function hasSixteenBits(): boolean {
  return false;
}
