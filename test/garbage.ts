import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";

/** What the process holds once JavaScript's garbage is gone, in bytes. */
export async function heldMemory(): Promise<{resident: number; arrays: number}> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  // What the finalizers of the first collection let go of.
  await new Promise(setImmediate);
  collect();
  const {rss: resident, arrayBuffers: arrays} = process.memoryUsage();
  return {resident, arrays};
}
