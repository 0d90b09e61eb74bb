// Are the npm packages the ones of package-lock.json?
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";

const read = path => JSON.parse(readFileSync(path, "utf8")).packages;

/** Why node_modules won't do, or undefined. npm keeps its own account of what it installed in there. */
export function packagesProblem(root) {
  const account = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(account)) return "the npm packages are not installed: run `npm ci`";
  const have = read(account);
  for (const [path, wanted] of Object.entries(read(join(root, "package-lock.json")))) {
    if (path === "" || wanted.link || wanted.optional || !path.startsWith("node_modules/")) continue;
    if (!have[path]) return `${path} is not installed: run \`npm ci --include=dev\``;
    if (have[path].version !== wanted.version)
      return `${path} is ${have[path].version}, package-lock.json says ${wanted.version}: run \`npm ci\``;
  }
  return undefined;
}
