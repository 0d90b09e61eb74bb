import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";

const root = join(__dirname, "..", "..");
const bin = join(root, "bin", "multiprize.js");
/** Not in /tmp, which is refused as each node's own. */
mkdirSync(join(root, "data", "cache"), {recursive: true});
const folder = mkdtempSync(join(root, "data", "cache", "some one's-"));
after(() => rmSync(folder, {recursive: true}));

test("the command that a submission is followed by shows the cells that were submitted", () => {
  for (const [name, said] of [
    ["sbatch", "7"],
    ["scontrol", ""],
  ])
    writeFileSync(join(folder, name), `#!/bin/bash\necho ${said}\n`, {mode: 0o755});
  const places = ["--results", join(folder, "results"), "--runs", join(folder, "runs")];
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [bin, "run", "depth", "--preset", "smoke", ...places, "--slurm", "--slurm-out", join(folder, "array")],
    {encoding: "utf8", env: {...process.env, PATH: `${folder}:${process.env.PATH}`}},
  );
  assert.equal(status, 0, stderr);
  const [, follow] = /^follow it: squeue --jobs 7, multiprize (status .*)$/m.exec(stdout) ?? [];
  assert.ok(follow, stdout);
  const shown = spawnSync("bash", ["-c", `"$0" "$1" ${follow} --json`, process.execPath, bin], {
    encoding: "utf8",
  });
  assert.equal(shown.status, 0, shown.stderr);
  assert.deepEqual(
    (JSON.parse(shown.stdout) as {id: string}[]).map(({id}) => id),
    cellsOf(experimentNamed("depth"), "smoke").map(({id}) => id),
  );
});
