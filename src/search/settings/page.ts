import {recipes} from "../recipe";
import {isDepends, type Located, rowsOf, settingGroups, settingNamed, usualText} from "../settings";

/** docs/settings.md: every setting of a search with its flag, values and usual value, from their rows. */
export function settingsPage(): string {
  return `${[
    "# Settings of a search",
    "This page is written from the rows in `src/search/settings/` by `npm run settings`; a test holds it to them.",
    'In code a setting is a field: `searchSpec({arch: "conv4", keepFraction: 0.2})`; a part stands inside its object, ' +
      '`optimizer: {name: "sgd", momentum: 0.9}`. At the command line it is the flag: `multiprize search --arch conv4 --keep 0.2`.',
    "A setting that is not given takes its usual value. Where that depends on the architecture, it is the one of the " +
      "reference's configuration, or of another recipe. A star marks a knob of `ablate`.",
    ...settingGroups.map(({title, names}) => `## ${title}\n\n${table(names.flatMap(rowsOf))}`),
    "## Recipes",
    'A recipe fills in what is not given: `searchSpec({arch: "conv8", recipe: "unit"})`, `--recipe unit`. Its name is ' +
      "no part of the spec: two searches with the same values are the same run.",
    rowsText(
      ["recipe", "what it is"],
      Object.entries(recipes).map(([name, {about}]) => [`\`${name}\``, about]),
    ),
    "## Spec files",
    "`multiprize search --spec FILE` takes the fields from a JSON file, from the `result.json` of a search, or from a " +
      "record of `data/results` by its id (its first digits do). Flags go before it: " +
      "`multiprize search --spec runs/conv6/result.json --seed 1`.",
    "## Names of runs",
    "A recorded run is named by a hash of its spec. These values are left out of it, so that a setting added later " +
      "orphans no run; they never change.",
    rowsText(["setting", "left out"], neutralRows()),
  ].join("\n\n")}\n`;
}

function table(located: readonly Located[]): string {
  return rowsText(
    ["setting", "flag", "what it is", "values", "usual", "without effect"],
    located.map(({path, name, row}) => [
      `\`${path}\`${settingNamed(name).knob ? " ★" : ""}`,
      `\`${row.flag}\``,
      row.about,
      row.kind.choices?.map(choice => `\`${choice}\``).join(", ") ?? row.kind.valid,
      isDepends(row.usual ?? row.absent) ? usualText(row) : `\`${usualText(row)}\``,
      (row.idle ?? []).map(({because}) => because).join("; "),
    ]),
  );
}

function neutralRows(): string[][] {
  return settingGroups.flatMap(({names}) =>
    names.flatMap(name => {
      const {neutral} = settingNamed(name);
      return neutral === undefined ? [] : [[`\`${name}\``, `\`${JSON.stringify(neutral)}\``]];
    }),
  );
}

function rowsText(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}
