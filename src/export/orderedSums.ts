import {keptInputs} from "../infer/keptInputs";
import type {BinaryLayer} from "../infer/network";
import {channelBlock} from "../infer/sumOrder";

/**
 * A convolution's sum in the order of infer/sumOrder.ts, as steps that each add one signed pair of inputs:
 * total ← total + (±(x_i + x_j)). A step is a convolution with at most two weights a filter, whose result is one rounded
 * addition whatever the order in which a runtime computes it. Filters with fewer pairs add 0.
 *
 * Gives the steps of each block of channels, OIHW signs a step; the blocks' sums are added at the end, and together the
 * steps are the layer's signs. At least two steps a block.
 */
export function pairSteps({shape, signs}: BinaryLayer, stride: number): Int8Array[][] {
  const [kernel, , channels, filters] = shape;
  const taps = kernel * kernel;
  const block = channelBlock(kernel, stride);
  const lists = keptInputs(signs, filters);
  return Array.from({length: Math.ceil(channels / block)}, (_, b) => {
    const inBlock = (input: number): boolean => Math.floor((input % channels) / block) === b;
    const pairs = lists.map(({plus, minus}) => [
      ...paired(plus.filter(inBlock), 1),
      ...paired(minus.filter(inBlock), -1),
    ]);
    const steps = Math.max(2, ...pairs.map(own => own.length));
    return Array.from({length: steps}, (_, step) => {
      const oihw = new Int8Array(filters * channels * taps);
      pairs.forEach((own, f) => {
        if (step >= own.length) return;
        const {inputs, sign} = own[step];
        for (const input of inputs) {
          oihw[(f * channels + (input % channels)) * taps + Math.floor(input / channels)] = sign;
        }
      });
      return oihw;
    });
  });
}

function paired(list: Uint32Array, sign: 1 | -1): {inputs: Uint32Array; sign: 1 | -1}[] {
  return Array.from({length: Math.ceil(list.length / 2)}, (_, i) => ({
    inputs: list.subarray(2 * i, 2 * i + 2),
    sign,
  }));
}
