// One set-up at a time for a clone and for a cache. The lock is an abstract Unix socket: the operating system
// frees it when its holder dies, however it dies, so there is never a stale one. Where there is no such thing
// (not Linux, old Node) nothing is locked; atomic renames still keep every result whole.
import {createHash} from "node:crypto";
import {createServer} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";

function listen(name) {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(`\0${name}`, () => resolve(server));
    server.unref();
  });
}

/** Wait for the lock, hold it during `work`. `onWait` is called once if somebody else has it. */
export async function locked(name, onWait, work) {
  if (process.platform !== "linux") return work();
  const address = `multiprize-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  let server;
  for (let waited = false; !server; ) {
    try {
      server = await listen(address);
    } catch (error) {
      if (error.code !== "EADDRINUSE") return work();
      if (!waited) onWait();
      waited = true;
      await sleep(300);
    }
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}
