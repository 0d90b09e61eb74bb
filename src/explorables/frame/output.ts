import {readFileSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../../core/errors";
import {root} from "../../system/root";
import {style} from "./style";

/** What a page gets: markup that stays where scripts do not run, and a script that makes it move. */
export interface Output {
  /** Attributes of the box, by which the script finds it. */
  readonly box: string;
  /** Inside the box until the script fills it. */
  readonly still: string;
  /** The script's path below dist; set-up bundles it with all it imports. */
  readonly script: readonly string[];
}

/** HTML that needs no kernel, no network and no other file. */
export function outputHtml({box, still, script}: Output): string {
  const code = bundle(join(...script)).replace(/<\/(?=script)/gi, "<\\/");
  return `<style>${style}</style>\n<div class="multiprize-explorable" ${box}>${still}</div>\n<script>${code}</script>`;
}

function bundle(path: string): string {
  try {
    return readFileSync(join(root, "dist", path), "utf8");
  } catch {
    throw new UserError(`dist/${path} is missing: run \`npm run setup\` to make it`);
  }
}
