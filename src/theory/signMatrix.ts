import {Stream} from "../core/random";

/** The frozen ±1 weights of a random layer, shape [inputs, outputs]; bit i·outputs + k of the stream, 1 for −1. */
export class SignMatrix {
  constructor(
    readonly inputs: number,
    readonly outputs: number,
    private readonly random: Stream,
  ) {}

  /** The weight from input i to output k. */
  sign(i: number, k: number): 1 | -1 {
    return this.random.bit(i * this.outputs + k) === 1 ? -1 : 1;
  }
}

/** Two random ±1 layers in a row: d → d·N → m, N = `units` hidden units for each of d inputs. */
export interface RandomPair {
  readonly inputs: number;
  readonly outputs: number;
  readonly units: number;
  readonly seed: number;
  /** Names the layers with the seed. Default "theory". */
  readonly name?: string;
}

/** The weights of both layers. */
export function randomPair({inputs, outputs, units, seed, name = "theory"}: RandomPair): {
  first: SignMatrix;
  second: SignMatrix;
} {
  return {
    first: new SignMatrix(inputs, inputs * units, new Stream(seed, `${name}/first`)),
    second: new SignMatrix(inputs * units, outputs, new Stream(seed, `${name}/second`)),
  };
}
