import type {Precision} from "../core/precision";
import {processorFlags as flagsHere} from "../system/processorAbout";

/** A precision as it is, and why it is less than was asked for. */
export interface Settled {
  readonly precision: Precision;
  readonly notice?: string;
}

/** What a precision comes to on a backend and this processor: float32, with the reason, where there is no bfloat16. */
export function precisionOn(
  asked: Precision,
  {backend, device}: {readonly backend: string; readonly device: string},
  processorFlags: string = flagsHere(),
): Settled {
  if (asked === "float32") return {precision: "float32"};
  const lacking = (why: string): Settled => ({
    precision: "float32",
    notice: `${why}; it computes in float32`,
  });
  if (backend !== "tensorflow") return lacking(`the backend ${backend} has no bfloat16`);
  if (device === "gpu") return lacking("bfloat16 is for the processor, and a GPU computes");
  if (!/\b(avx512_bf16|amx_bf16)\b/.test(processorFlags)) {
    return lacking("this processor has no bfloat16 (neither avx512_bf16 nor amx_bf16)");
  }
  return {precision: asked};
}
