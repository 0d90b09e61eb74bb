import type {BackendName} from "../backend/backend";
import {tableText} from "../report/table";
import type {DeviceRow} from "./deviceBench";

const SHOWN = 8;

/** Steps side by side, then where each network's went on the device. */
export function deviceBenchText(rows: readonly DeviceRow[], against: BackendName | undefined): string {
  const ms = (value: number): string => value.toFixed(1);
  const steps = tableText(
    rows.map(({arch, activation, batch, stepMs, stockStepMs, againstStepMs}) => ({
      network: `${arch} ${activation}`,
      "our kernels, ms": ms(stepMs),
      "stock kernels, ms": ms(stockStepMs),
      ...(againstStepMs !== undefined && {
        [`${against}, ms`]: ms(againstStepMs),
        [`${against} / ours`]: (againstStepMs / stepMs).toFixed(2),
      }),
      "images/s": ((1000 * batch) / stepMs).toFixed(0),
    })),
  );
  const kernels = rows.map(({arch, activation, kernels: times, stockKernels}) => {
    const list = (of: DeviceRow["kernels"]): string =>
      of.length === 0
        ? "this adapter does not time kernels"
        : of
            .slice(0, SHOWN)
            .map(
              ({name, milliseconds, dispatches}) =>
                `${name} ${milliseconds.toFixed(2)} (${dispatches.toFixed(0)})`,
            )
            .join(", ");
    return `${arch} ${activation}, ms a step by kernel (starts):\n  ours:  ${list(times)}\n  stock: ${list(stockKernels)}`;
  });
  return `${rows[0]?.adapter ?? ""}, batch ${rows[0]?.batch ?? 0}, median of warm steps\n\n${steps}\n\n${kernels.join("\n")}\n`;
}
