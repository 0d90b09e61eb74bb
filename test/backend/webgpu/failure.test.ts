import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {readBack} from "../../../src/backend/readBack";
import type {GpuDevice} from "../../../src/backend/webgpu/device";
import {DeviceFailures} from "../../../src/backend/webgpu/failure";
import {nameOf} from "../../../src/backend/webgpu/load";
import {UserError} from "../../../src/core/errors";
import {onWebgpu} from "./adapter";

/** A device that fails when told to. */
function device(): {device: GpuDevice; refuse(message: string): void; lose(message: string): void} {
  let lose: (value: {reason: string; message: string}) => void = () => {};
  const lost = new Promise<{reason: string; message: string}>(resolve => {
    lose = resolve;
  });
  const target = Object.assign(new EventTarget(), {lost}) as unknown as GpuDevice;
  return {
    device: target,
    refuse: message => target.dispatchEvent(Object.assign(new Event("uncapturederror"), {error: {message}})),
    lose: message => lose({reason: "unknown", message}),
  };
}

const oneLine = (expected: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError);
  assert.match(error.message, expected);
  assert.ok(!error.message.includes("\n"));
  return true;
};

test("what a device refuses is thrown in one line by whoever reads next, and again", async () => {
  const {device: gpu, refuse} = device();
  const failures = new DeviceFailures(gpu, "Example 9");
  failures.check();
  assert.equal(await failures.during(Promise.resolve(3)), 3);
  refuse("Invalid BindGroup\n - While validating");
  refuse("the next");
  for (let i = 0; i < 2; i++) {
    assert.throws(
      () => failures.check(),
      oneLine(/^the GPU Example 9 failed: Invalid BindGroup; compute with/),
    );
    await assert.rejects(failures.during(Promise.resolve(3)), oneLine(/Invalid BindGroup/));
  }
});

test("a read that never ends because the device is lost ends in one line", async () => {
  const {device: gpu, lose} = device();
  const failures = new DeviceFailures(gpu, "Example 9");
  const reading = failures.during(new Promise(() => {}));
  lose("removed");
  await assert.rejects(reading, oneLine(/the device was lost \(removed\)/));
});

test("an adapter's name holds what it tells, and software is told from a GPU", () => {
  const adapter = (info: object) => ({info}) as Parameters<typeof nameOf>[0];
  const info = {vendor: "acme", architecture: "", device: "9", description: "driver 1.2"};
  assert.deepEqual(nameOf(adapter(info)), {name: "acme 9 driver 1.2", software: false});
  assert.deepEqual(nameOf(adapter({isFallbackAdapter: true})), {name: "of no name", software: true});
});

test("numbers that are on the device alone are refused to whoever asks at once", async t => {
  if (!(await onWebgpu(t))) return;
  const x = tf.tidy(() => tf.ones([3000]).add(tf.ones([3000])));
  assert.throws(() => x.dataSync(), oneLine(/which the backend webgpu cannot give/));
  await readBack([x]);
  assert.equal(x.dataSync()[2999], 2);
  x.dispose();
});

test("an adapter in software is refused unless asked for, and a shader that is refused ends the run", async t => {
  if (!(await onWebgpu(t))) return;
  const run = (program: string, environment: object): {status: number | null; stderr: string} =>
    spawnSync(process.execPath, ["--import", "tsx", "-e", program], {
      encoding: "utf8",
      cwd: process.cwd(),
      env: {...process.env, ...environment},
    });
  const chosen = `require("./src/backend/backend").useBackend("webgpu").then(i => console.error(i.device), e => console.error(e.name, e.message))`;
  const {stderr} = run(chosen, {MULTIPRIZE_WEBGPU: ""});
  assert.match(stderr, /the only WebGPU adapter is .*MULTIPRIZE_WEBGPU=software|^gpu$/m);
  const broken = `
    const {useBackend} = require("./src/backend/backend");
    const {webgpuBackend} = require("./src/backend/webgpu/read");
    const {dispatch} = require("./src/backend/webgpu/dispatch");
    const {readBack} = require("./src/backend/readBack");
    useBackend("webgpu").then(async () => {
      const y = webgpuBackend().makeTensorInfo([4], "float32");
      dispatch(webgpuBackend(), {name: "broken", code: "fn main( {", tensors: [y], groups: 1});
      await readBack([y]);
      console.error("zeros");
    }).catch(error => console.error(error.name, error.message));`;
  const refused = run(broken, {}).stderr;
  assert.match(refused, /the GPU .* failed: .*; compute with another --backend/);
  assert.doesNotMatch(refused, /zeros/);
});
