// The door through which all text of the commands goes out. Names in it may come from anybody's files: what would steer
// a terminal is written out, but for colours that are painted here.
import colors from "picocolors";
import {printable, printableLine, unprintable} from "../core/printable";

/** Text with a terminal's codes around it. */
export class Painted {
  constructor(readonly text: string) {}
}

type Paint = (text: string) => Painted;
const painting =
  (paint: (text: string) => string): Paint =>
  text =>
    new Painted(paint(printable(text)));

export const bold: Paint = painting(colors.bold);
export const dim: Paint = painting(colors.dim);
export const green: Paint = painting(colors.green);
export const yellow: Paint = painting(colors.yellow);
export const red: Paint = painting(colors.red);

/** Parts of a text, one behind the other. */
export type Printed = string | Painted | readonly Printed[];

/** What a command answers, on standard output. */
export function print(...parts: readonly Printed[]): void {
  process.stdout.write(rendered(parts));
}

/** What it says beside its answer, on standard error. */
export function printAside(...parts: readonly Printed[]): void {
  process.stderr.write(rendered(parts));
}

/** One line of the answer, whatever names are in it. */
export function printLine(text: string): void {
  print(printableLine(text), "\n");
}

/** One line beside it. */
export function printLineAside(text: string): void {
  printAside(printableLine(text), "\n");
}

/** A line beside the answer of what should be known; without its full stop. */
export function note(text: string): void {
  printLineAside(`Note: ${text}.`);
}

/** A line of JSON on standard output. JSON has its own way to write what steers a terminal, of which it asks too little. */
export function printJson(value: unknown): void {
  const escaped = (found: string): string => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  process.stdout.write(`${JSON.stringify(value).replace(unprintable, escaped)}\n`);
}

/** A document on standard output: into a file as it is. */
export function printDocument(text: string): void {
  if (process.stdout.isTTY) print(text, "\n");
  else process.stdout.write(`${text}\n`);
}

export function rendered(part: Printed): string {
  if (typeof part === "string") return printable(part);
  return part instanceof Painted ? part.text : part.map(rendered).join("");
}
