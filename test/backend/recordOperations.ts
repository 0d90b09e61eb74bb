import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import type {NativeBackend} from "../../src/backend/nativeBackend";

/** Computes on TensorFlow, and gives the list that each native operation is added to as it runs. */
export async function recordOperations(): Promise<string[]> {
  await useBackend("tensorflow");
  const ran: string[] = [];
  const native = tf.findBackend("tensorflow") as unknown as {binding: NativeBackend["binding"]};
  const {binding} = native;
  const executeOp: typeof binding.executeOp = (name, ...rest) => {
    ran.push(name);
    return binding.executeOp(name, ...rest);
  };
  native.binding = Object.create(binding, {executeOp: {value: executeOp}});
  return ran;
}
