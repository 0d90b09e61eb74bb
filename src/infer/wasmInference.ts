import {Compiler} from "./compile";
import {toFloats} from "./convert";
import type {FloatPlanes} from "./floatPlanes";
import type {Machine} from "./kernels";
import {type BinaryNetwork, checkImages} from "./network";
import type {Step} from "./plan";

/** A network laid out for so many images at once. */
interface Program {
  readonly images: number;
  readonly steps: readonly Step[];
  /** NHWC floats. */
  readonly input: number;
  readonly output: FloatPlanes;
  /** NHWC floats. */
  readonly result: number;
}

/** Bits of small images share vectors, so several images cost little more than one; reals gain nothing by it. */
const IMAGES_OF_BITS = 8;

function compile(machine: Machine, network: BinaryNetwork, images: number): Program {
  const [h, w, channels] = network.image;
  const compiler = new Compiler(machine, network, images);
  const imageBytes = 4 * h * w * channels;
  const input = machine.allocate(images * imageBytes);
  const planes = compiler.planes({channels, h, w});
  compiler.steps.push(count => {
    for (let i = 0; i < count; i++) {
      const to = planes.at + i * planes.imageBytes;
      machine.kernels.nhwcToFloats(
        input + i * imageBytes,
        channels,
        h,
        w,
        to,
        planes.rowBytes,
        planes.planeBytes,
      );
    }
  });
  const output = toFloats(compiler, compiler.sequence(network.operations, planes));
  const outputBytes = 4 * output.h * output.w * output.channels;
  const result = machine.allocate(images * outputBytes);
  compiler.steps.push(count => {
    for (let i = 0; i < count; i++) {
      const from = output.at + i * output.imageBytes;
      const {rowBytes, planeBytes} = output;
      machine.kernels.floatsToNhwc(
        from,
        rowBytes,
        planeBytes,
        output.channels,
        output.h,
        output.w,
        1,
        result + i * outputBytes,
      );
    }
  });
  return {images, steps: compiler.steps, input, output, result};
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
    const [h, w, channels] = this.network.image;
    const size = h * w * channels;
    checkImages(this.network, images, count);
    const parts: Float32Array[] = [];
    for (let done = 0; done < count; ) {
      const left = count - done;
      const program = this.program(this.network.activation === "sign" && left > 2 ? IMAGES_OF_BITS : 1);
      const now = Math.min(left, program.images);
      this.machine.floats(program.input, now * size).set(images.subarray(done * size, (done + now) * size));
      for (const step of program.steps) step(now);
      const {h: outH, w: outW, channels: outC} = program.output;
      parts.push(this.machine.floats(program.result, now * outH * outW * outC).slice());
      done += now;
    }
    const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
    parts.reduce((at, part) => {
      all.set(part, at);
      return at + part.length;
    }, 0);
    return all;
  }

  private program(images: number): Program {
    const made = this.programs.get(images) ?? compile(this.machine, this.network, images);
    this.programs.set(images, made);
    return made;
  }
}
