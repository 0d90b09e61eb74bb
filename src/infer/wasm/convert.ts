// Steps from one layout to another, and pooling: each adds what it needs to a plan and returns where the result lies.
import {windowGrid} from "../../network/geometry";
import type {Operation} from "../../network/operations";
import {type BitPlanes, bitPlanes} from "./bitPlanes";
import {type BitRow, bitRow} from "./denseLayer";
import {asPlanes, type FloatPlanes, type FloatRow, floatRow} from "./floatPlanes";
import {each, type Plan, type Value} from "./plan";
import {isHalving} from "./tail";

/** The value as planes of reals: bits as ±1, a row as planes of one pixel. */
export function toFloats(plan: Plan, value: Value): FloatPlanes {
  if (value.kind === "floats") return value;
  const {kernels} = plan.machine;
  const {channels} = value;
  if (value.kind === "bits") {
    const out = plan.planes(value);
    const {at, planeBytes, stride, h, w} = value;
    plan.steps.push(
      each(i => {
        const to = out.at + i * out.imageBytes;
        kernels.bitsToFloats(at, planeBytes, channels, i * stride, h, w, to, out.rowBytes, out.planeBytes);
      }),
    );
    return out;
  }
  const from = asPlanes(toRow(plan, value));
  const out = plan.planes(from);
  plan.steps.push(
    each(i => {
      const [at, to] = [from.at + i * from.imageBytes, out.at + i * out.imageBytes];
      kernels.finish(
        ...[at, from.rowBytes, from.planeBytes, channels, 1, from.w, false, 1, 0, 0, 0, 0],
        ...[false, to, out.rowBytes, out.planeBytes],
      );
    }),
  );
  return out;
}

/** The value as a row of reals, channel after channel. */
export function toRow(plan: Plan, value: Value): FloatRow {
  const {kernels} = plan.machine;
  if (value.kind === "row") return value;
  if (value.kind === "bitrow") {
    const {at, imageBytes, channels, pixels} = value;
    const out = floatRow(plan.machine, plan.images, channels, pixels);
    plan.steps.push(
      each(i =>
        kernels.bitsToFloats(
          at + i * imageBytes,
          0,
          1,
          0,
          1,
          channels * pixels,
          out.at + i * out.imageBytes,
          0,
          0,
        ),
      ),
    );
    return out;
  }
  const {at, imageBytes, rowBytes, planeBytes, channels, h, w} = toFloats(plan, value);
  const out = floatRow(plan.machine, plan.images, channels, h * w);
  plan.steps.push(
    each(i =>
      kernels.flattenFloats(
        at + i * imageBytes,
        rowBytes,
        planeBytes,
        channels,
        h,
        w,
        out.at + i * out.imageBytes,
      ),
    ),
  );
  return out;
}

/** Without height and width: bits stay bits. */
export function flatten(plan: Plan, value: Value): FloatRow | BitRow {
  if (value.kind === "bitrow") return value;
  if (value.kind !== "bits") return toRow(plan, value);
  const {at, planeBytes, stride, channels, h, w} = value;
  const out = bitRow(plan.machine, plan.images, channels, h * w);
  plan.steps.push(
    each(i =>
      plan.machine.kernels.flattenBits(
        ...[at, planeBytes, channels, i * stride, h * w, out.at + i * out.imageBytes, out.imageBytes],
      ),
    ),
  );
  return out;
}

/** The mean over height and width. */
export function mean(plan: Plan, value: Value): FloatRow {
  const {kernels} = plan.machine;
  const from = value.kind === "bits" ? value : toFloats(plan, value);
  const {channels, h, w} = from;
  const out = floatRow(plan.machine, plan.images, channels);
  plan.steps.push(
    each(i => {
      const to = out.at + i * out.imageBytes;
      if (from.kind === "bits") {
        kernels.meanOfBits(from.at, from.planeBytes, channels, i * from.stride, h * w, to);
      } else
        kernels.meanOfFloats(
          from.at + i * from.imageBytes,
          from.rowBytes,
          from.planeBytes,
          channels,
          h,
          w,
          to,
        );
    }),
  );
  return out;
}

/** 2×2 max-pooling of bits; then the planes in `flips` are complemented. */
export function halve(plan: Plan, value: BitPlanes, flips: readonly boolean[] = []): BitPlanes {
  const {at, planeBytes, channels, h, w, stride} = value;
  const out = bitPlanes(plan.machine, plan.images, channels, h >> 1, w >> 1);
  const turned = flips.includes(true)
    ? plan.machine.place(BigInt64Array.from(flips, flip => (flip ? -1n : 0n)))
    : 0;
  plan.steps.push(() =>
    plan.machine.kernels.halve(
      ...[at, planeBytes, channels, plan.images, h, w, stride, turned, out.at, out.planeBytes, out.stride],
    ),
  );
  return out;
}

/** Any max-pooling; bits stay bits. */
export function maxPool(
  plan: Plan,
  value: Value,
  operation: Extract<Operation, {op: "maxpool"}>,
): FloatPlanes | BitPlanes {
  const {kernels} = plan.machine;
  const {size, stride: step, pad} = operation;
  if (value.kind === "bits" && isHalving(operation)) return halve(plan, value);
  const from = value.kind === "bits" ? value : toFloats(plan, value);
  const [h, w] = windowGrid(from, operation, "max-pooling");
  const window = [size, step, pad];
  if (from.kind === "bits") {
    const out = bitPlanes(plan.machine, plan.images, from.channels, h, w);
    plan.steps.push(() =>
      kernels.poolBits(
        ...[from.at, from.planeBytes, from.channels, plan.images, from.h, from.w, from.stride, ...window],
        ...[0, out.at, out.planeBytes, h, w, out.stride],
      ),
    );
    return out;
  }
  const out = plan.planes({channels: from.channels, h, w});
  plan.steps.push(
    each(i =>
      kernels.poolFloats(
        ...[
          from.at + i * from.imageBytes,
          from.rowBytes,
          from.planeBytes,
          from.channels,
          from.h,
          from.w,
          ...window,
        ],
        ...[out.at + i * out.imageBytes, out.rowBytes, out.planeBytes, h, w],
      ),
    ),
  );
  return out;
}
