import {type Command, InvalidArgumentError, Option} from "commander";
import {changed} from "../search/changed";
import type {Given} from "../search/defaults";
import {recipeNames} from "../search/recipe";
import {type Located, rowsOf, settingGroups, usualText} from "../search/settings";
import type {SearchSpec} from "../search/spec";

/** What the command line searches unless asked otherwise. */
const START: Given = {arch: "digits"};

interface SettingOption extends Located {
  readonly option: Option;
}

/** An option a row, in the order of help. */
function settingOptions(): SettingOption[] {
  return settingGroups.flatMap(({title, names}) =>
    names.flatMap(rowsOf).map(located => ({...located, option: optionOf(located, `${title}:`)})),
  );
}

function optionOf({name, row}: Located, heading: string): Option {
  const {flag, about, kind} = row;
  const option = new Option(flag, about).helpGroup(heading);
  if (kind.type === "switch") return option;
  option.default(undefined, name === "arch" ? START.arch : usualText(row));
  if (kind.choices) return option.choices(kind.choices);
  return option.argParser(text => {
    const value = kind.read(text);
    if (kind.accepts(value)) return value;
    throw new InvalidArgumentError(`It must be ${kind.valid}.`);
  });
}

/** Adds an option for every setting of a search, under their headings, and those for where the others come from. */
export function addSpecOptions(command: Command): Command {
  for (const {option} of settingOptions()) command.addOption(option);
  return command
    .optionsGroup("Settings from elsewhere; the options above go before them:")
    .option("--spec <file>", "JSON of a spec, a search's result.json, or the id of a record")
    .addOption(
      new Option("--recipe <name>", "what fills in the rest")
        .choices(recipeNames)
        .default(undefined, "reference"),
    );
}

/** The spec that the options ask for, on top of what is given otherwise; the recipe fills in the rest. */
export function specFrom(command: Command, given: Given = START): SearchSpec {
  const options = command.opts();
  const typed = settingOptions().filter(({option}) => isTyped(command, option.attributeName()));
  const changes = typed.map(({path, option}) => [path, options[option.attributeName()]]);
  const {recipe = given.recipe} = options as Pick<Given, "recipe">;
  return changed({...given, recipe}, Object.fromEntries(changes));
}

/** Whether an option, by its attribute's name, stands on the command line. */
export function isTyped(command: Command, attribute: string): boolean {
  return command.getOptionValueSource(attribute) === "cli";
}
