/** The library's names that a command line spells otherwise. Only words that no sentence has by itself. */
const flags: Readonly<Record<string, string>> = {
  keepFraction: "--keep",
  learningRate: "--lr",
  warmupEpochs: "--warmup",
  batchSize: "--batch-size",
  batchParts: "--batch-parts",
  batchSeed: "--batch-seed",
  interimTestImages: "--interim-test-images",
  labelSmoothing: "--label-smoothing",
  weightDecay: "--weight-decay",
  clipValue: "--clip",
};

/** A message of the library in the words of who typed flags. */
export function inFlags(message: string): string {
  return message.replace(/\b[a-z]+[A-Z]\w*\b/g, word => (Object.hasOwn(flags, word) ? flags[word] : word));
}

/** What a file system refused (a file where a folder should be, no permission, a full disk) in one line; else undefined. */
export function refusedByDisk(error: unknown): string | undefined {
  const {code, syscall, path, message} = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || path === undefined) return undefined;
  return `cannot use ${path}: ${message.replace(/, \w+( '.*)?$/, "")}`;
}
