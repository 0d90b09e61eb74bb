import {existsSync} from "node:fs";
import {FileMistake} from "../core/errors";
import {readRegularFile} from "../system/regularFile";
import {repeatedKey} from "./repeatedKey";

/** What a JSON file holds. FileMistake, in one line, where it is not there, cannot be read, is no JSON, or says a thing twice. */
export function readJsonFile(file: string, missing: string = `there is no file ${file}`): unknown {
  if (!existsSync(file)) throw new FileMistake(missing);
  let text: string;
  try {
    text = readRegularFile(file).toString("utf8");
  } catch (error) {
    throw new FileMistake(`cannot read ${file}: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FileMistake(`${file} is not JSON: ${(error as Error).message.split("\n")[0]}`);
  }
  const twice = repeatedKey(text);
  if (twice !== undefined)
    throw new FileMistake(`${file} says "${twice}" twice in one object: leave one of them out`);
  return value;
}
