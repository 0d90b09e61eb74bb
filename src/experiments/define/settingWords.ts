/** Settings that the field calls otherwise than their names, cut into words, say. */
const words: Readonly<Record<string, string>> = {
  keepFraction: "k",
  arch: "network",
  scores: "start scores",
  subset: "training images",
  optimizer: "optimiser",
  "optimizer.name": "optimiser",
  "schedule.name": "schedule",
  "ramp.from": "ramp from share",
};

/** As along an axis, where it has to be said whole. */
const titles: Readonly<Record<string, string>> = {
  keepFraction: "share of weights kept, k",
  width: "width, as a multiple of the usual one",
  fan: "fan that the random weights are scaled by",
  weights: "random weights",
  batchSize: "batch size, images of an update",
  dataset: "data set",
};

/** A setting, or a part of one as `optimizer.momentum`, as it is called in a label: "k", "batch size", "momentum". */
export function settingWord(path: string): string {
  return words[path] ?? inWords(path.startsWith("optimizer.") ? path.slice("optimizer.".length) : path);
}

/** The same as the title of an axis: "share of weights kept, k". */
export function settingTitle(path: string): string {
  return titles[path] ?? settingWord(path);
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replace(".", " ");
}
