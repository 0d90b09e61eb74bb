import type * as tf from "@tensorflow/tfjs";

/** A tensor kept for as long as the things it was made from are the same objects. */
export class HeldTensor {
  private held: {readonly madeFrom: readonly unknown[]; readonly tensor: tf.Tensor} | undefined;

  /** Takes over a tensor that no tidy disposes of, in the place of an earlier one. */
  hold(madeFrom: readonly unknown[], tensor: tf.Tensor): void {
    this.release();
    this.held = {madeFrom, tensor};
  }

  release(): void {
    this.held?.tensor.dispose();
    this.held = undefined;
  }

  /** A clone, which shares its memory; undefined where nothing is held or something has changed. */
  of(madeFrom: () => readonly unknown[]): tf.Tensor | undefined {
    if (this.held === undefined) return undefined;
    const now = madeFrom();
    const same = this.held.madeFrom.every((thing, i) => thing === now[i]);
    return same ? this.held.tensor.clone() : undefined;
  }
}
