// Which adapter would `--backend webgpu` compute on? Its packages are large, and installed by those who want them.
import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";

/** The packages as npm takes them, such as webgpu@0.6.2. */
export function webgpuPackages(root) {
  const {peerDependencies} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`);
}

export function webgpuInstalled(root) {
  const {peerDependencies} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.keys(peerDependencies).every(name =>
    existsSync(join(root, "node_modules", name, "package.json")),
  );
}

/** Asked in a process of its own, since a driver may end the one that asks. */
const program = `
  import("webgpu").then(async ({create}) => {
    const adapter = await create([]).requestAdapter({powerPreference: "high-performance"});
    if (!adapter) return console.log("{}");
    const {vendor, architecture, device, description, isFallbackAdapter} = adapter.info;
    const name = [vendor, architecture, device, description].filter(Boolean).join(" ") || "of no name";
    console.log(JSON.stringify({name, software: isFallbackAdapter ?? false}));
  })`;

/** The adapter's name with its driver and whether it computes in software; empty where there is none. */
export function webgpuAdapter(root) {
  const {status, stdout} = spawnSync(process.execPath, ["-e", program], {
    cwd: root,
    encoding: "utf8",
    timeout: 30_000,
  });
  const line = stdout?.trim().split("\n").at(-1);
  return status === 0 && line ? JSON.parse(line) : {};
}
