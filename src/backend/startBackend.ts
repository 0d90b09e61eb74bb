import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";

/** Sets TensorFlow.js's backend, or throws a UserError with what it says: by itself it would go on with a slower one. */
export async function startBackend(name: string): Promise<void> {
  const {warn, error} = console;
  const said: string[] = [];
  const keep = (...parts: unknown[]): void => void said.push(parts.map(String).join(" "));
  Object.assign(console, {warn: keep, error: keep});
  try {
    if ((await tf.setBackend(name)) && tf.getBackend() === name) return;
  } catch (thrown) {
    said.push((thrown as Error).message);
  } finally {
    Object.assign(console, {warn, error});
  }
  const reason = said.flatMap(text => text.split("\n")).find(line => !line.startsWith("Initialization of"));
  throw new UserError(`the backend ${name} does not start here: ${reason ?? "it says nothing why"}`);
}
