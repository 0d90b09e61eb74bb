import * as tf from "@tensorflow/tfjs";

const MOST = "TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES";

/**
 * Empties TensorFlow.js' cache of the order in which models run their layers. It keeps the layers of the last hundred
 * models alive, disposed of or not, and with them all arrays that they hold; models in use are put in order anew at their
 * next call. (tfjs-layers 4.22.0, engine/executor.ts, cachedSorted.)
 */
export function forgetSortedGraphs(): void {
  const most = tf.env().getNumber(MOST);
  tf.env().set(MOST, 0);
  tf.env().set(MOST, most);
}
