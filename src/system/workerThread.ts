import {extname} from "node:path";
import {Worker} from "node:worker_threads";

/**
 * A thread that runs a module of ours, named by its path without extension: the compiled file, or its source through
 * tsx when that is what runs. The command line's own flags are not repeated.
 */
export function workerThread(path: string): Worker {
  const extension = extname(__filename);
  const file = `${path}${extension}`;
  if (extension !== ".ts") return new Worker(file, {execArgv: []});
  const program = [require.resolve("tsx/cjs"), file].map(each => `require(${JSON.stringify(each)})`);
  return new Worker(program.join(";"), {eval: true, execArgv: []});
}
