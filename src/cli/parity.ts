import {Command, Option} from "commander";
import type {BackendName} from "../backend/backend";
import {readCase} from "../parity/caseFile";
import {type Comparison, compareCase, worstByQuantity} from "../parity/compare";
import {backendOption, chooseBackend} from "./options";
import {green, type Printed, print, printJson, red} from "./print";
import {fittingTable} from "./terminal";

interface ParityOptions {
  backend: BackendName | "auto";
  sums: "float64" | "float32";
  json?: boolean;
}

export function parityCommand(): Command {
  return new Command("parity")
    .description("Replay golden cases of the reference implementation and compare number by number.")
    .argument("<case...>", "case files (JSON)")
    .addOption(backendOption())
    .addOption(
      new Option(
        "--sums <name>",
        "how the native backend sums: float64, as the golden numbers were, so that rounding cannot swap a mask position; or float32, as a search does",
      )
        .choices(["float64", "float32"])
        .default("float64"),
    )
    .option(
      "--json",
      'one object a case: {"case", "pass", "worst"}, worst being the largest relative error by quantity',
    )
    .addHelpText("after", "\nExit status 1 when a case fails.\n\nExample:\n  multiprize parity cases/*.json")
    .action(runParity);
}

async function runParity(paths: string[], {backend, sums, json}: ParityOptions): Promise<void> {
  const {backend: name, version} = await chooseBackend(backend);
  const {withWiderSums} = await import("../backend/widerSums");
  const {replay} = await import("../parity/replay");
  const wide = sums === "float64" && name === "tensorflow";
  if (!json) print(`on ${name} ${version}, sums in ${wide ? "float64" : "float32"}\n`);
  for (const path of paths) {
    const parity = readCase(path);
    const run = async (): Promise<Comparison[]> => compareCase(parity, await replay(parity));
    const comparisons = await (wide ? withWiderSums(run) : run());
    const pass = comparisons.every(each => each.pass);
    if (!pass) process.exitCode = 1;
    if (json) printJson({case: parity.name, pass, worst: worstErrors(comparisons)});
    else print(report(parity.name, pass, comparisons));
  }
}

function worstErrors(comparisons: readonly Comparison[]): Record<string, number> {
  const worst: Record<string, number> = {};
  for (const {quantity, error} of comparisons) worst[quantity] = Math.max(worst[quantity] ?? 0, error);
  return worst;
}

function report(name: string, pass: boolean, comparisons: readonly Comparison[]): Printed {
  const rows = worstByQuantity(comparisons).map(({quantity, where, error, allowed, pass: within}) => ({
    quantity,
    "largest error": error === 0 ? "0" : error.toExponential(1),
    allowed: allowed === 0 ? "0" : allowed.toExponential(1),
    at: where,
    "": within ? "" : "FAILS",
  }));
  const verdict = pass ? green("pass") : red("FAIL");
  return [`\n${name}: `, verdict, ` (${comparisons.length} comparisons)\n${fittingTable(rows)}\n`];
}
