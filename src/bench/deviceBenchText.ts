import type {BackendName} from "../backend/backend";
import type {KernelTime} from "../backend/webgpu/kernelTimes";
import {tableText} from "../report/table";
import type {DeviceRow} from "./deviceBench";

const SHOWN = 8;

/** Steps side by side, then where each network's went on the device; lines of at most `width`. */
export function deviceBenchText(
  rows: readonly DeviceRow[],
  against: BackendName | undefined,
  width: number = Number.POSITIVE_INFINITY,
): string {
  const ms = (value: number): string => value.toFixed(1);
  const steps = rows.map(({arch, activation, batch, stepMs, stockStepMs, againstStepMs}) => ({
    network: `${arch} ${activation}`,
    "our kernels, ms": ms(stepMs),
    "stock kernels, ms": ms(stockStepMs),
    ...(againstStepMs !== undefined && {
      [`${against}, ms`]: ms(againstStepMs),
      [`${against} / ours`]: (againstStepMs / stepMs).toFixed(2),
    }),
    "images/s": ((1000 * batch) / stepMs).toFixed(0),
  }));
  const columns = Object.keys(steps[0] ?? {}).map(key => ({
    key: key as "network",
    align: key === "network" ? ("left" as const) : ("right" as const),
  }));
  const first = rows[0];
  const parts = [
    `${first?.adapter ?? ""}\nbatch ${first?.batch ?? 0}, median of warm steps`,
    tableText(steps, columns, {width}),
    ...rows.map(row => kernelText(row, width)),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The kernels that take longest, ours beside the stock ones. */
function kernelText({arch, activation, kernels, stockKernels}: DeviceRow, width: number): string {
  const title = `${arch} ${activation}: ms a step by kernel, by the device's clock`;
  if (kernels.length + stockKernels.length === 0) return `${title}: this adapter has none`;
  const longest = (name: string): number =>
    Math.max(...[kernels, stockKernels].map(times => timeOf(times, name)?.milliseconds ?? 0));
  const names = [...new Set([...kernels, ...stockKernels].map(({name}) => name))];
  names.sort((a, b) => longest(b) - longest(a));
  const cells = (time: KernelTime | undefined, whose: string): Record<string, string> => ({
    [`${whose}, ms`]: time ? time.milliseconds.toFixed(2) : "",
    [`${whose}: starts`]: time ? time.dispatches.toFixed(0) : "",
  });
  const shown = names.slice(0, SHOWN).map(name => ({
    kernel: name,
    ...cells(timeOf(kernels, name), "ours"),
    ...cells(timeOf(stockKernels, name), "stock"),
  }));
  const columns = Object.keys(shown[0]).map(key => ({
    key: key as "kernel",
    align: key === "kernel" ? ("left" as const) : ("right" as const),
  }));
  return `${title}\n${tableText(shown, columns, {width})}`;
}

function timeOf(times: readonly KernelTime[], name: string): KernelTime | undefined {
  return times.find(each => each.name === name);
}
