import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {type Browser, chromium} from "playwright-core";

/** The first Chromium of this machine; MULTIPRIZE_BROWSER names another. */
const found = (() => {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const asked = process.env.MULTIPRIZE_BROWSER;
  return (asked ? [asked] : names).find(name => spawnSync(name, ["--version"]).status === 0);
})();

/** Why tests in a browser are skipped here, or false. */
export const lacksChromium: string | false =
  found === undefined && "NO CHROMIUM ON THIS MACHINE: install one or name it in MULTIPRIZE_BROWSER";

/** Starts a headless Chromium with a profile of its own; its `close()` ends every process and removes the profile. */
export async function openChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({executablePath: pathOf(found as string), args: ["--no-sandbox", ...flags]});
}

function pathOf(name: string): string {
  if (existsSync(name)) return name;
  const folders = (process.env.PATH ?? "").split(":");
  return folders.map(each => join(each, name)).find(path => existsSync(path)) ?? name;
}
