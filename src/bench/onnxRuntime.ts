import type {ImageShape} from "../network/operations";
import type {OnnxRuntimePackage} from "./rivalNames";

/** The version that figures are published of. */
export const ONNX_RUNTIME_VERSION = "1.30.0";

/** A model ready to predict. */
export interface OnnxModel {
  /** Logits [count, classes] of normalised images [count, channels, height, width]. */
  readonly run: (images: Float32Array, count: number) => Promise<Float32Array>;
  readonly release: () => Promise<void>;
}

export interface OnnxRuntime {
  /** For people. */
  readonly name: string;
  readonly onWasm: boolean;
  /** A model that takes `images` of one shape, on one thread, optimised as far as the runtime can. */
  readonly load: (bytes: Uint8Array, image: ImageShape) => Promise<OnnxModel>;
}

/** What is used of the packages, which are alike. */
interface Runtime {
  readonly env: {
    readonly wasm: {numThreads?: number};
    logLevel?: string;
    readonly versions: {common: string};
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => object;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<Session>;
  };
}

interface Session {
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, {readonly data: unknown}>>>;
  release(): Promise<void>;
}

/** The runtime, or undefined where the package is not installed. */
export async function onnxRuntime(from: OnnxRuntimePackage): Promise<OnnxRuntime | undefined> {
  const runtime = await packageNamed(from);
  if (runtime === undefined) return undefined;
  const {env, Tensor, InferenceSession} = runtime;
  env.wasm.numThreads = 1;
  env.logLevel = "error";
  const onWasm = from === "onnxruntime-web";
  return {
    name: `ONNX Runtime ${env.versions.common}${onWasm ? " on WebAssembly" : ""}, one thread`,
    onWasm,
    load: async (bytes, [height, width, channels]) => {
      const session = await InferenceSession.create(bytes, {
        executionProviders: [onWasm ? "wasm" : "cpu"],
        graphOptimizationLevel: "all",
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      });
      return {
        run: async (images, count) => {
          const {logits} = await session.run({
            images: new Tensor("float32", images, [count, channels, height, width]),
          });
          return logits.data as Float32Array;
        },
        release: () => session.release(),
      };
    },
  };
}

async function packageNamed(name: OnnxRuntimePackage): Promise<Runtime | undefined> {
  try {
    return (await import(name)) as Runtime;
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (/MODULE_NOT_FOUND/.test(code ?? "") && message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

/** What to do where a runtime is missing, in one line. */
export function howToInstall(name: OnnxRuntimePackage): string {
  return `${name} is not installed, and so not timed: npm install --no-save ${name}@${ONNX_RUNTIME_VERSION} adds it for once`;
}

/** [count, height, width, channels] to [count, channels, height, width]. */
export function channelsFirst(images: Float32Array, [height, width, channels]: ImageShape): Float32Array {
  const pixels = height * width;
  const to = new Float32Array(images.length);
  for (let i = 0; i < images.length; i++) {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const [image, place] = [Math.floor(pixel / pixels), pixel % pixels];
    to[(image * channels + channel) * pixels + place] = images[i];
  }
  return to;
}
