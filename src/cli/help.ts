import type {HelpConfiguration, Option} from "commander";

/** How help shows an option: what it is, its choices, its default and its variable, one mark for all commands. */
export const help: HelpConfiguration = {
  showGlobalOptions: true,
  optionDescription(option: Option): string {
    const {description, argChoices, defaultValue, defaultValueDescription, envVar} = option;
    const takesValue = option.required || option.optional;
    const usual = defaultValueDescription ?? (defaultValue === undefined ? undefined : String(defaultValue));
    const facts = [
      argChoices && `choices: ${argChoices.join(", ")}`,
      takesValue && usual !== undefined && `default: ${usual}`,
      envVar && `env: ${envVar}`,
    ].filter(Boolean);
    return [description, facts.length > 0 && `(${facts.join("; ")})`].filter(Boolean).join(" ");
  },
};
