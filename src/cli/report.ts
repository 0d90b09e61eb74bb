import {writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {Command, Option} from "commander";
import {UserError} from "../core/errors";
import {cellsOf} from "../experiments/define/experiment";
import {experimentNamed, experiments} from "../experiments/define/experiments";
import {findRecords} from "../experiments/run/findOrRun";
import {reportCsv, reportHtml, reportMarkdown} from "../experiments/show/report";
import {pageHtml} from "../report/html";
import {makeFolder} from "../system/folder";
import {addChoiceOptions, type ChoiceOptions, chosenCells, placesFor} from "./experimentOptions";
import {folder} from "./options";

interface ReportOptions extends ChoiceOptions {
  format: "markdown" | "html" | "csv";
  out?: string;
}

export function reportCommand(): Command {
  return addChoiceOptions(
    new Command("report")
      .description(
        "Tables and figures of what is recorded, ours beside the published numbers with their sources.",
      )
      .argument("[experiments...]", "names, as run --list shows them; all by default"),
  )
    .addOption(
      new Option("--format <name>", "html has the figures too")
        .choices(["markdown", "html", "csv"])
        .default("markdown"),
    )
    .option("--out <file>", "instead of standard output")
    .addHelpText(
      "after",
      "\nExamples:\n  multiprize report depth\n  multiprize report --format html --out runs/report.html",
    )
    .action(report);
}

async function report(names: string[], options: ReportOptions): Promise<void> {
  const chosen = names.length > 0 ? names.map(experimentNamed) : experiments;
  const places = placesFor(options);
  const wanted = new Set(
    chosenCells(
      chosen.map(each => each.name),
      options,
    ).map(cell => cell.id),
  );
  const {format, out} = options;
  const parts: string[] = [];
  for (const experiment of chosen) {
    const cells = cellsOf(experiment, options.preset).filter(cell => wanted.has(cell.id));
    const found = findRecords(cells, places);
    if (format === "markdown") parts.push(reportMarkdown(experiment, found));
    else if (format === "html") parts.push(await reportHtml(experiment, found));
    else
      parts.push(
        reportCsv(experiment, found)
          .split("\n")
          .slice(parts.length > 0 ? 1 : 0)
          .join("\n"),
      );
  }
  const text =
    format === "html"
      ? pageHtml("Multi-prize tickets: what was measured", parts.join("\n"))
      : parts.join(format === "csv" ? "\n" : "\n\n");
  if (out === undefined) {
    process.stdout.write(`${text}\n`);
    return;
  }
  try {
    makeFolder(dirname(folder(out)));
    writeFileSync(folder(out), `${text}\n`);
  } catch (error) {
    throw new UserError(`cannot write ${out}: ${(error as Error).message}`);
  }
}
