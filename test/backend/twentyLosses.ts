// Prints the losses of a search's first twenty steps, conv2 on the same 128 digits, under MULTIPRIZE_KERNELS.
import {useBackend} from "../../src/backend/backend";
import {take, trainingSubset} from "../../src/data/dataset";
import {loadMnist} from "../../src/data/mnist";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";

async function main(): Promise<void> {
  const {kernels} = await useBackend("tensorflow");
  const spec = searchSpec({arch: "conv2", keepFraction: 0.2, epochs: 20, batchSize: 128});
  const digits = trainingSubset(loadMnist(), 128);
  const test = take(digits.test, Uint32Array.of(0), 28 * 28);
  const {epochs, network} = await search(spec, {...digits, test});
  network.model.dispose();
  console.log(JSON.stringify({kernels, losses: epochs.map(({loss}) => loss)}));
}

void main();
