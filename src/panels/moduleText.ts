import {readFileSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {root} from "../system/root";

/** The module that draws a panel in the page, as set-up has bundled it. */
export function moduleText(name: string): string {
  try {
    return readFileSync(join(root, "dist", "panels", "view", name), "utf8");
  } catch {
    throw new UserError(`dist/panels/view/${name} is missing: run \`npm run setup\` to make it`);
  }
}
