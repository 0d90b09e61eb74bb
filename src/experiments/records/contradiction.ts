import {entropyBytes} from "./maskFacts";
import type {DoneRecord} from "./record";

/** Rounding of a hit count that went through per cent, at 1,281,167 images. */
const HIT_ERROR = 1e-4;
const ENTROPY_ERROR = 1e-6;

/** Where a record's own values contradict each other, in a few words: each may be plausible alone. */
export function contradiction(record: DoneRecord): string | undefined {
  const {spec, data, epochs, layers, testAccuracy, bestTestAccuracy, weights, kept} = record;
  const sum = (key: "weights" | "kept"): number => layers.reduce((total, layer) => total + layer[key], 0);
  const last = epochs.at(-1);
  const best = Math.max(
    testAccuracy,
    ...epochs
      .filter(each => each.keepFraction === undefined && each.testImages === last?.testImages)
      .map(each => each.testAccuracy),
  );
  const entropy = layers.reduce((total, layer) => total + entropyBytes(layer.weights, layer.kept), 0);
  const odd = layers.find(layer => layer.kept > layer.weights);
  if (epochs.length !== spec.epochs) return `${epochs.length} epochs, where its spec asks for ${spec.epochs}`;
  if (epochs.some(({epoch}, i) => epoch !== i + 1)) return "its epochs are not numbered from 1 on";
  if (last && last.testAccuracy !== testAccuracy)
    return `testAccuracy is ${testAccuracy}, its last epoch's ${last.testAccuracy}`;
  if (last && last.testImages !== data.testImages)
    return `its last epoch saw ${last.testImages} of ${data.testImages} test images`;
  if (best !== bestTestAccuracy)
    return `bestTestAccuracy is ${bestTestAccuracy}, the best of its epochs ${best}`;
  if (odd) return `layer ${odd.name} keeps ${odd.kept} of ${odd.weights} weights`;
  if (sum("weights") !== weights) return `weights are ${weights}, its layers have ${sum("weights")}`;
  if (sum("kept") !== kept) return `kept are ${kept}, its layers keep ${sum("kept")}`;
  if (spec.method !== "dense" && !near(record.maskEntropyBytes, entropy))
    return `maskEntropyBytes is ${record.maskEntropyBytes}, that of its layers ${entropy}`;
  for (const {epoch, testAccuracy: test, testImages, trainAccuracy} of epochs) {
    if (!hits(test, testImages)) return `epoch ${epoch}: ${test} % is no number of ${testImages} test images`;
    if (!hits(trainAccuracy, data.trainImages))
      return `epoch ${epoch}: ${trainAccuracy} % is no number of ${data.trainImages} training images`;
  }
  if (!hits(testAccuracy, data.testImages))
    return `testAccuracy ${testAccuracy} % is no number of ${data.testImages} test images`;
  return undefined;
}

function near(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= ENTROPY_ERROR * Math.max(1, expected);
}

/** Whether so many per cent are a whole number of images. */
function hits(percent: number, images: number): boolean {
  const count = (percent * images) / 100;
  return Math.abs(count - Math.round(count)) < HIT_ERROR;
}
