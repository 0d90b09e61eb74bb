import assert from "node:assert/strict";
import {execFileSync, spawn, spawnSync} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";

const folder = mkdtempSync(join(tmpdir(), "multiprize-links-"));
after(() => rmSync(folder, {recursive: true}));

/** Put before libc, makes every hard link answer as a file system without them does, or link and then say EEXIST. */
const answers = {
  none: "errno = EPERM; return -1;",
  unsupported: "errno = EOPNOTSUPP; return -1;",
  repeated: "syscall(SYS_linkat, -100, a, -100, b, 0); errno = EEXIST; return -1;",
};
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;

function libraryThat(answer: keyof typeof answers): string {
  const [source, library] = [join(folder, `${answer}.c`), join(folder, `${answer}.so`)];
  const includes = ["errno", "unistd", "fcntl", "sys/syscall"].map(name => `#include <${name}.h>\n`).join("");
  // What is known of a file grows old before anything is made of it, so that others get in between.
  const known = "int known = syscall(SYS_faccessat, AT_FDCWD, path, mode), error = errno;";
  const access = `int access(const char *path, int mode) { ${known} usleep(known < 0 ? 3000 : 300); errno = error; return known; }\n`;
  const links = `int link(const char *a, const char *b) { ${answers[answer]} }\n`;
  writeFileSync(source, `#define _GNU_SOURCE\n${includes}${access}${links}`);
  execFileSync("cc", ["-shared", "-fPIC", "-o", library, source]);
  return library;
}

const module = JSON.stringify(join(__dirname, "../../src/system/lock.ts"));
const program = (body: string): string[] => [
  "-e",
  `require("tsx/cjs"); const {tryLock, lockHolder} = require(${module}); ${body}`,
];

/** Adds `times` to the number in a file, each time reading and writing it under the lock. */
const counting = (path: string, times: number): string[] =>
  program(`
    const {readFileSync, writeFileSync} = require("fs");
    const [path, lockPath] = [${JSON.stringify(path)}, ${JSON.stringify(`${path}.lock`)}];
    (async () => {
      for (let done = 0; done < ${times}; ) {
        const lock = tryLock(lockPath);
        if (lock) {
          const number = Number(readFileSync(path, "utf8"));
          await new Promise(resolve => setTimeout(resolve, 1));
          writeFileSync(path, String(number + 1));
          lock.release();
          done++;
        }
        await new Promise(resolve => setTimeout(resolve, 2 * Math.random()));
      }
    })();`);

for (const answer of Object.keys(answers) as (keyof typeof answers)[]) {
  test(`where hard links are answered with "${answer}", processes still take turns, and leave nothing behind`, {
    skip: hasCompiler ? false : "no C compiler",
  }, async () => {
    const LD_PRELOAD = libraryThat(answer);
    const inner = join(folder, answer);
    const path = join(mkdtempSync(inner), "count");
    writeFileSync(path, "0");
    const children = Array.from({length: 6}, () =>
      spawn(process.execPath, counting(path, 25), {env: {...process.env, LD_PRELOAD}, stdio: "inherit"}),
    );
    const ended = await Promise.all(
      children.map(child => new Promise(resolve => child.once("exit", resolve))),
    );
    assert.deepEqual(ended, [0, 0, 0, 0, 0, 0]);
    assert.equal(readFileSync(path, "utf8"), "150");
    assert.deepEqual(readdirSync(join(path, "..")), ["count"]);
  });
}

test("without hard links a killed holder's lock is taken over, and a lock that is still empty is held for a while", {
  skip: hasCompiler ? false : "no C compiler",
}, () => {
  const env = {...process.env, LD_PRELOAD: libraryThat("none")};
  const path = join(folder, "killed.lock");
  const run = (body: string): string =>
    execFileSync(process.execPath, program(body), {env, encoding: "utf8"}).trim();
  const take = `console.log(tryLock(${JSON.stringify(path)}) !== undefined)`;
  spawnSync(
    process.execPath,
    program(`tryLock(${JSON.stringify(path)}); process.kill(process.pid, "SIGKILL")`),
    {env},
  );
  assert.match(readFileSync(path, "utf8"), /"token"/);
  assert.equal(run(`${take}; process.exit()`), "true");
  writeFileSync(path, "");
  assert.equal(run(take), "false");
  const past = Date.now() / 1000 - 1200;
  utimesSync(path, past, past);
  assert.equal(run(`${take}; process.exit()`), "true");
});
