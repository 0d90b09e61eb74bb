import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {once} from "node:events";
import {createServer} from "node:http";
import {devNull, tmpdir} from "node:os";
import {after, test} from "node:test";
import {pipEnvironment} from "../../scripts/setup/pip.mjs";
import {venvReady} from "../../scripts/setup/venv.mjs";

const server = createServer();
after(() => server.close());

test("of pip's variables those stay that say where packages come from, and none that says where they go", () => {
  const going = {
    PIP_USER: "1",
    PIP_TARGET: "/elsewhere",
    PIP_PREFIX: "/usr/local",
    PIP_ROOT: "/r",
    PIP_REQUIRE_VIRTUALENV: "1",
    PIP_PYTHON: "/usr/bin/python3",
    PIP_DRY_RUN: "1",
    PIP_NO_DEPS: "1",
    PIP_REQUIRE_HASHES: "1",
    PIP_CONSTRAINT: "/c.txt",
    PIP_NO_BINARY: ":all:",
    PIP_CONFIG_FILE: "/etc/my-pip.conf",
    HOME: "/home/me",
  };
  assert.deepEqual(pipEnvironment(going, "", "install"), {PIP_CONFIG_FILE: devNull});
  const coming = {
    PIP_INDEX_URL: "https://a/simple",
    PIP_PROXY: "http://p:1",
    PIP_CERT: "/c.pem",
    PIP_NO_INDEX: "",
  };
  assert.deepEqual(pipEnvironment({...going, ...coming}, "", "install"), {
    PIP_INDEX_URL: "https://a/simple",
    PIP_PROXY: "http://p:1",
    PIP_CERT: "/c.pem",
    PIP_CONFIG_FILE: devNull,
  });
});

test("pip's files are read as its own list prints them: the command's section before [global], variables before both", () => {
  const listed = [
    ":env:.user='1'",
    "global.index-url='https://global/simple'",
    "global.extra-index-url='\\nhttps://one/simple\\nhttps://two/simple'",
    'global.proxy="it\'s"',
    "global.user='true'",
    "install.target='/elsewhere'",
    "install.trusted-host='mirror'",
    "download.index-url='https://download/simple'",
    "global.timeout='60'",
    "",
  ].join("\n");
  assert.deepEqual(pipEnvironment({PIP_TIMEOUT: "5"}, listed, "download"), {
    PIP_INDEX_URL: "https://download/simple",
    PIP_EXTRA_INDEX_URL: "\nhttps://one/simple\nhttps://two/simple",
    PIP_PROXY: "it's",
    PIP_TIMEOUT: "5",
    PIP_CONFIG_FILE: devNull,
  });
  assert.equal(pipEnvironment({}, listed, "install").PIP_INDEX_URL, "https://global/simple");
  assert.equal(pipEnvironment({}, listed, "install").PIP_TRUSTED_HOST, "mirror");
});

test("pip dies with the set-up that is killed: nobody goes on filling .venv behind the next one's back", {
  skip:
    (!venvReady() && "no .venv") ||
    (process.platform !== "linux" && "Linux alone ends a child with its parent"),
  timeout: 60_000,
}, async () => {
  // An index that takes the question and never answers.
  const asked = new Promise(resolve => {
    server.once("request", resolve);
  });
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const program = `import {pip} from ${JSON.stringify(new URL("../../scripts/setup/pip.mjs", import.meta.url))};
    await pip(["download", "--dest", ${JSON.stringify(tmpdir())}, "nothing-of-that-name"]);`;
  const env = {
    ...process.env,
    PIP_INDEX_URL: `http://127.0.0.1:${server.address().port}/simple`,
    PIP_TIMEOUT: "600",
    PIP_PROXY: "",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
  const setup = spawn(process.execPath, ["--input-type=module", "-e", program], {env, stdio: "ignore"});
  const request = await asked;
  setup.kill("SIGKILL");
  if (!request.socket.destroyed) await once(request.socket, "close");
});
