/** Address of browser.mjs, written into its first line when set-up bundles it. */
declare const moduleAddress: string;

/** Address of a file that lies in the same folder of the server as browser.mjs. */
export function besideModule(name: string): URL {
  return new URL(name, moduleAddress);
}
