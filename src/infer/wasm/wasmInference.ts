import type {BinaryNetwork} from "../network";
import type {Machine} from "./kernels";
import {compileProgram, type Program} from "./program";

/** Bits of small images share vectors, so several images cost little more than one; reals gain nothing by it. */
const IMAGES_OF_BITS = 8;

/** How many of `left` images to compute at once. */
export function imagesAtOnce({activation}: BinaryNetwork, left: number): number {
  return activation === "sign" && left > 2 ? IMAGES_OF_BITS : 1;
}

/** A network on the WebAssembly kernels. */
export class WasmInference {
  private readonly programs = new Map<number, Program>();

  constructor(
    private readonly machine: Machine,
    private readonly network: BinaryNetwork,
  ) {}

  /** Outputs of `count` normalised NHWC images, image after image. */
  run(images: Float32Array, count: number): Float32Array {
    const size = images.length / count;
    let all = new Float32Array(0);
    for (let done = 0; done < count; ) {
      const program = this.program(imagesAtOnce(this.network, count - done));
      const now = Math.min(count - done, program.images);
      const {input, result, resultSize, steps} = program;
      this.machine.floats(input, now * size).set(images.subarray(done * size, (done + now) * size));
      for (const step of steps) step(now);
      if (done === 0) all = new Float32Array(count * resultSize);
      all.set(this.machine.floats(result, now * resultSize), done * resultSize);
      done += now;
    }
    return all;
  }

  private program(images: number): Program {
    const made = this.programs.get(images) ?? compileProgram(this.machine, this.network, images);
    this.programs.set(images, made);
    return made;
  }
}
