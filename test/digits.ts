import {type Dataset, take, trainingSubset} from "../src/data/dataset";
import {loadDataset} from "../src/data/load";

/** MNIST with so few pictures that a search takes seconds: a subset to train on, the first of the test set. */
export async function fewDigits(train: number, test: number): Promise<Dataset> {
  const all = await loadDataset("mnist");
  return {
    ...trainingSubset(all, train),
    test: take(
      all.test,
      Uint32Array.from({length: test}, (_, i) => i),
      784,
    ),
  };
}
