import {extname} from "node:path";
import {Command, Option} from "commander";
import {UserError} from "../core/errors";
import {cellsOf} from "../experiments/define/experiment";
import {experiments} from "../experiments/define/experiments";
import {knowledge} from "../experiments/definitions/paper";
import {foundIn} from "../experiments/run/findRecords";
import {claimRows} from "../experiments/show/paperClaims";
import {paperRows} from "../experiments/show/paperState";
import {reportCsv, reportHtml, reportLatex, reportMarkdown} from "../experiments/show/report";
import {pageHtml, scrollingHtml} from "../report/html";
import {tableHtml, tableMarkdown} from "../report/table";
import {writeOutput} from "../system/outputFile";
import {
  addChoiceOptions,
  type ChoiceOptions,
  chosenCells,
  chosenExperiments,
  placesFor,
  recordsOf,
  usualPreset,
} from "./experimentOptions";
import {endingsText, kindNamed, outputPath, writtenText} from "./output";
import {printDocument, printLine} from "./print";

const formats = ["markdown", "html", "csv", "latex"] as const;
type Format = (typeof formats)[number];

interface ReportOptions extends ChoiceOptions {
  format?: Format;
  out?: string;
  paper?: boolean;
}

export function reportCommand(): Command {
  return addChoiceOptions(
    new Command("report")
      .description(
        "Tables and figures of what is recorded, ours beside the published numbers with their sources.",
      )
      .argument("[experiments...]", "names, as run --list shows them (default: all)"),
  )
    .addOption(
      new Option(
        "--format <name>",
        "html has the figures too; latex needs the packages booktabs and longtable",
      )
        .choices(formats)
        .default(undefined, "by the ending of --out, else markdown"),
    )
    .option(
      "--paper",
      "every item of the paper with its place, its command, what is recorded and what it lacks, and every claim with what the records say of it",
    )
    .addOption(new Option("--out <file>", "where to write it").default(undefined, "standard output"))
    .addHelpText(
      "after",
      "\nExamples:\n  multiprize report depth\n  multiprize report --paper\n  multiprize report depth --out depth.tex\n  multiprize report --spec width.json --out width.html\n  multiprize report --out runs/report.html",
    )
    .action(report);
}

async function report(names: string[], options: ReportOptions): Promise<void> {
  if (options.paper) {
    reportPaper(names, options);
    return;
  }
  const named = chosenExperiments(names, options);
  const chosen = named.length > 0 ? named : experiments;
  const place = placeOf(options);
  const {format} = place;
  const records = recordsOf(placesFor(options));
  const wanted = new Set(chosenCells(chosen, options).map(cell => cell.id));
  const parts: string[] = [];
  for (const experiment of chosen) {
    const cells = cellsOf(experiment, options.preset ?? usualPreset).filter(cell => wanted.has(cell.id));
    const found = foundIn(records, cells);
    if (format === "markdown") parts.push(reportMarkdown(experiment, found));
    else if (format === "latex") parts.push(reportLatex(experiment, found));
    else if (format === "html") parts.push(await reportHtml(experiment, found, {heading: chosen.length > 1}));
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
      ? pageHtml(
          chosen.length === 1 ? chosen[0].title : "Multi-prize tickets: what was measured",
          parts.join("\n"),
        )
      : parts.join(format === "csv" ? "\n" : "\n\n");
  write(text, place);
}

const aboutItems = `Known: ${Object.entries(knowledge)
  .map(([word, meaning]) => `${word} is ${meaning}`)
  .join("; ")}.`;
const aboutClaims =
  "Its claims, each by the records of the longest preset that bears on it. A claim about tickets beside dense networks is decided only where both ran for at least the epochs that the dense network's learning rate is made for; a cell at chance bears on nothing:";

/** The paper item by item, whatever experiments, preset and cells. */
function reportPaper(names: readonly string[], options: ReportOptions): void {
  if (names.length > 0 || options.spec !== undefined)
    throw new UserError("--paper lists all of the paper: leave the experiments out");
  const place = placeOf(options);
  const {format} = place;
  if (format === "csv" || format === "latex")
    throw new UserError("--paper is a table to read: choose --format markdown or html");
  const records = recordsOf(placesFor(options));
  const [items, claims] = [paperRows(records), claimRows(records)];
  write(
    format === "markdown"
      ? [tableMarkdown(items), aboutItems, aboutClaims, tableMarkdown(claims)].join("\n\n")
      : pageHtml(
          "The paper, item by item",
          [
            scrollingHtml(tableHtml(items)),
            `<p>${aboutItems}</p>`,
            `<p>${aboutClaims}</p>`,
            scrollingHtml(tableHtml(claims)),
          ].join("\n"),
        ),
    place,
  );
}

interface Place {
  readonly format: Format;
  readonly path?: string;
}

/** What is asked for, by the file's ending where not by name, and where it goes: a file, or standard output. */
function placeOf({format: asked, out, spec}: ReportOptions): Place {
  const named = out === undefined ? undefined : kindNamed(out);
  if (asked === undefined && named === undefined && extname(out ?? "") !== "")
    throw new UserError(
      `${out} has an ending of no report: let it end in ${endingsText(formats)}, or name a --format`,
    );
  const format = asked ?? formats.find(each => each === named) ?? "markdown";
  if (out === undefined) return {format};
  // Who names the format may have reasons for the name.
  return {format, path: outputPath(out, format, spec === undefined ? [] : [spec], formats)};
}

function write(text: string, {format, path}: Place): void {
  if (path === undefined) {
    printDocument(text);
    return;
  }
  const content = `${text}\n`;
  writeOutput(path, content);
  printLine(`${path}: ${writtenText(format, content)}`);
}
