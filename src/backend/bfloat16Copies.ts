import type * as tf from "@tensorflow/tfjs";
import {castHandle, type NativeBackend} from "./nativeBackend";

/** DT_BFLOAT16 of TensorFlow's C interface; the binding has no name for it. */
export const BFLOAT16 = 14;

/** The bfloat16 copies of float32 tensors: each is made once, and freed with its tensor or at the end. */
export class Bfloat16Copies {
  private readonly handles = new Map<tf.DataId, number>();

  constructor(private readonly native: NativeBackend) {}

  /** The handle of a tensor's copy; it stays ours. */
  of(tensor: tf.TensorInfo): number {
    const known = this.handles.get(tensor.dataId);
    if (known !== undefined) return known;
    const [id] = this.native.getInputTensorIds([tensor]);
    const copy = castHandle(this.native, id, this.native.binding.TF_FLOAT, BFLOAT16).id;
    this.handles.set(tensor.dataId, copy);
    return copy;
  }

  free(data: tf.DataId): void {
    const copy = this.handles.get(data);
    if (copy === undefined) return;
    this.native.binding.deleteTensor(copy);
    this.handles.delete(data);
  }

  freeAll(): void {
    for (const data of [...this.handles.keys()]) this.free(data);
  }
}
