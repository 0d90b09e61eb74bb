import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createServer, type RequestListener} from "node:http";
import {type AddressInfo, connect} from "node:net";
import {join} from "node:path";
import {test} from "node:test";
import {create} from "tar";
import {UserError} from "../../src/core/errors";
import {loadCifar10} from "../../src/data/cifar10";
import {downloadCifar10} from "../../src/data/download";
import {withFolder, writeCifarFolder} from "./synthetic";

const FOLDER = "cifar-10-batches-bin";
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Runs `body` against a server on 127.0.0.1. */
async function withServer(answer: RequestListener, body: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cifar-10-binary.tar.gz`);
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

/** The archive of a small synthetic folder; `without` names a file left out. */
async function smallArchive(scratch: string, without?: string): Promise<Buffer> {
  writeCifarFolder(join(scratch, FOLDER), 2);
  writeFileSync(join(scratch, FOLDER, "stranger.txt"), "not data");
  if (without) rmSync(join(scratch, FOLDER, without));
  const file = join(scratch, "small.tar.gz");
  await create({file, gzip: true, cwd: scratch}, [FOLDER]);
  return readFileSync(file);
}

const send =
  (archive: Uint8Array): RequestListener =>
  (_, response) => {
    response.writeHead(200, {"content-length": archive.length}).end(archive);
  };

/** One line, a UserError, matching each pattern; and nothing is left in the folder. */
const refusal =
  (folder: string, ...patterns: RegExp[]) =>
  (error: Error): boolean => {
    assert.ok(error instanceof UserError, `${error.stack}`);
    assert.ok(!error.message.includes("\n"));
    for (const pattern of patterns) assert.match(error.message, pattern);
    assert.deepEqual(readdirSync(folder), []);
    return true;
  };

test("a good archive appears as a folder the loader reads, with nothing else beside it", () =>
  withFolder(scratch =>
    withFolder(async folder => {
      const archive = await smallArchive(scratch);
      await withServer(send(archive), async url => {
        const directory = join(folder, "new", "place");
        let last: [number, number | undefined] = [0, undefined];
        const onProgress = (received: number, total: number | undefined) => {
          assert.ok(received > last[0]);
          last = [received, total];
        };
        const done = await downloadCifar10({directory, url, sha256: sha256(archive), onProgress});
        assert.deepEqual(done, {folder: join(directory, FOLDER), name: "cifar10-unverified", fetched: true});
        assert.deepEqual(last, [archive.length, archive.length]);
        assert.deepEqual(readdirSync(directory), [FOLDER]);
        assert.ok(!readdirSync(done.folder).includes("stranger.txt"));
        assert.deepEqual(await loadCifar10(directory, 2), await loadCifar10(join(scratch, FOLDER), 2));
      });
    }),
  ));

test("an archive with another sha256 is not kept, and both sums are told", () =>
  withFolder(scratch =>
    withFolder(async folder => {
      const archive = await smallArchive(scratch);
      const damaged = archive.subarray(0, archive.length - 1);
      await withServer(send(damaged), url =>
        assert.rejects(
          downloadCifar10({directory: folder, url, sha256: sha256(archive)}),
          refusal(folder, new RegExp(sha256(damaged)), new RegExp(sha256(archive))),
        ),
      );
    }),
  ));

test("a server that is not there, refuses, or breaks off is one clear line", () =>
  withFolder(async folder => {
    let gone = "";
    await withServer(send(new Uint8Array()), async url => {
      gone = url;
    });
    await assert.rejects(
      downloadCifar10({directory: folder, url: gone}),
      refusal(folder, /ECONNREFUSED/, /by other means/),
    );
    await withServer(
      (_, response) => response.writeHead(404).end("none"),
      url =>
        assert.rejects(downloadCifar10({directory: folder, url}), refusal(folder, /answered 404 Not Found/)),
    );
    await withServer(
      (_, response) => {
        response.writeHead(200, {"content-length": 1000});
        response.write(new Uint8Array(100), () => response.destroy());
      },
      url => assert.rejects(downloadCifar10({directory: folder, url}), refusal(folder, /cannot fetch .*/)),
    );
  }));

test("an archive that lacks a file, or is none, is not kept", () =>
  withFolder(scratch =>
    withFolder(async folder => {
      const lacking = await smallArchive(scratch, "data_batch_3.bin");
      await withServer(send(lacking), url =>
        assert.rejects(
          downloadCifar10({directory: folder, url, sha256: sha256(lacking)}),
          refusal(folder, /lacks cifar-10-batches-bin\/data_batch_3\.bin/),
        ),
      );
      const page = Buffer.from("<html>please log in</html>");
      await withServer(send(page), url =>
        assert.rejects(
          downloadCifar10({directory: folder, url, sha256: sha256(page)}),
          refusal(folder, /cannot be unpacked|lacks/),
        ),
      );
    }),
  ));

test("aborting leaves nothing behind and rejects with the signal's reason", () =>
  withFolder(async folder => {
    const controller = new AbortController();
    await withServer(
      (_, response) => {
        response.writeHead(200, {"content-length": 1000});
        response.write(new Uint8Array(100));
      },
      url =>
        assert.rejects(
          downloadCifar10({
            directory: folder,
            url,
            signal: controller.signal,
            onProgress: () => controller.abort(new Error("enough")),
          }),
          /enough/,
        ),
    );
    assert.deepEqual(readdirSync(folder), []);
  }));

test("a folder that cannot be written, or holds other data, is named and left alone", () =>
  withFolder(async folder => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await assert.rejects(
      downloadCifar10({directory: join(file, "inside")}),
      (error: Error) =>
        error instanceof UserError && /cannot write to .*inside \(ENOTDIR\)/.test(error.message),
    );
    writeCifarFolder(join(folder, FOLDER), 2);
    await assert.rejects(
      downloadCifar10({directory: folder}),
      (error: Error) =>
        error instanceof UserError && /is there already and holds cifar10-unverified/.test(error.message),
    );
    assert.equal((await loadCifar10(folder, 2)).train.count, 10);
  }));

test("the proxy of the environment is used, unless NO_PROXY excepts the host; a failing one is named without its value", () =>
  withFolder(scratch =>
    withFolder(async folder => {
      const archive = await smallArchive(scratch);
      const asked: string[] = [];
      const proxy = createServer();
      await withServer(send(archive), async target => {
        proxy.on("connect", (request, socket) => {
          asked.push(request.url ?? "");
          const there = connect(Number(new URL(target).port), "127.0.0.1", () => {
            socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
            there.pipe(socket).pipe(there);
          });
        });
        await new Promise<void>(resolve => proxy.listen(0, "127.0.0.1", resolve));
        const before = {...process.env};
        const options = {directory: folder, sha256: sha256(archive)};
        try {
          process.env.HTTP_PROXY = `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
          // Nobody answers to this name but by the proxy.
          await downloadCifar10({...options, url: "http://cifar.invalid/cifar-10-binary.tar.gz"});
          assert.deepEqual(asked, ["cifar.invalid:80"]);
          rmSync(join(folder, FOLDER), {recursive: true});
          process.env.NO_PROXY = "127.0.0.1";
          await downloadCifar10({...options, url: target});
          assert.equal(asked.length, 1);
          rmSync(join(folder, FOLDER), {recursive: true});
          delete process.env.NO_PROXY;
          process.env.HTTP_PROXY = "http://me:secret@127.0.0.1:9";
          await assert.rejects(downloadCifar10({...options, url: target}), (error: Error) => {
            assert.ok(!error.message.includes("secret"));
            return refusal(folder, /through the proxy that HTTP_PROXY names/)(error);
          });
        } finally {
          process.env = before;
          proxy.closeAllConnections();
          proxy.close();
        }
      });
    }),
  ));
