import {existsSync} from "node:fs";
import {FileMistake} from "../core/errors";
import {readRegularFile} from "../system/regularFile";

/** What a JSON file holds. FileMistake, in one line, where it is not there, cannot be read or is no JSON. */
export function readJsonFile(file: string, missing: string = `there is no file ${file}`): unknown {
  if (!existsSync(file)) throw new FileMistake(missing);
  let text: string;
  try {
    text = readRegularFile(file).toString("utf8");
  } catch (error) {
    throw new FileMistake(`cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new FileMistake(`${file} is not JSON: ${(error as Error).message.split("\n")[0]}`);
  }
}
