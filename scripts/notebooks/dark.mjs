// The dark theme of an exported page: JupyterLab's own, where the reader's system asks for dark.
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {paths} from "../setup/facts.mjs";

const theme = join(
  paths.venv,
  "share",
  "jupyter",
  "nbconvert",
  "templates",
  "lab",
  "static",
  "theme-dark.css",
);

/** A style for the end of a page's head. Paper stays light. */
export function darkTheme() {
  const css = readFileSync(theme, "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ");
  return `<style>:root{color-scheme:light dark}@media screen and (prefers-color-scheme:dark){${css}}</style>`;
}
