import {existsSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {root} from "../system/root";

/** Plotly made small by the set-up, for pages. Throws UserError where the set-up did not run. */
export function plotlyBundlePath(): string {
  const path = join(root, "dist", "plotly.min.js");
  if (!existsSync(path)) {
    throw new UserError("dist/plotly.min.js is missing: run `npm run setup` to make it");
  }
  return path;
}
