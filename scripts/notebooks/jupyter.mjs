// nbconvert, with the kernel of .venv only.
import {mkdirSync, writeFileSync} from "node:fs";
import {basename, join, resolve} from "node:path";
import {inVenv, root} from "../setup/facts.mjs";
import {Failure} from "../setup/log.mjs";
import {answering} from "../setup/run.mjs";
import {completePage} from "./pages.mjs";

/** One nbconvert for many notebooks, one at a time; `close` lets it end. */
export function openJupyter(env = {}) {
  const {ask, close} = answering(inVenv("python"), [join(root, "scripts", "notebooks", "convert.py")], {
    env: {JUPYTER_PREFER_ENV_PATH: "1", ...env},
  });
  const convert = async (file, to, notebook) => {
    const {text, error} = await ask({file: resolve(file), to, notebook});
    if (error !== undefined) throw new Failure(error);
    return text;
  };
  return {
    /**
     * Executes a notebook, or `notebook` in its place, in its own folder, with a fresh kernel; gives the result, the
     * file stays as it is.
     */
    execute: async (file, notebook) => JSON.parse(await convert(file, "notebook", notebook)),
    /** Writes a page that asks no other machine for anything; `leads`: where its links to the project's files go. */
    async render(file, folder, leads) {
      const html = await convert(file, "html");
      mkdirSync(folder, {recursive: true});
      writeFileSync(join(folder, `${basename(file, ".ipynb")}.html`), completePage(html, folder, leads));
    },
    close,
  };
}
