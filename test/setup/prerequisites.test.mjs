import assert from "node:assert/strict";
import {test} from "node:test";
import {
  cpuFeatures,
  findCompiler,
  findPython,
  flavour,
  machineProblem,
  nodeProblem,
  pythonProblem,
} from "../../scripts/setup/prerequisites.mjs";

const python = (version, venv = true) => ({version, venv, executable: "python"});

test("Python 3.10 and newer with venv will do, anything less is named", () => {
  assert.equal(pythonProblem(python([3, 10, 0])), undefined);
  assert.equal(pythonProblem(python([4, 0, 0])), undefined);
  assert.match(pythonProblem(python([3, 9, 18])), /3\.9\.18 is too old, 3\.10 or newer/);
  assert.match(pythonProblem(python([3, 12, 1], false)), /lacks venv/);
  assert.match(pythonProblem(undefined), /not installed/);
});

test("Node 20.19 and newer will do, anything less is named", () => {
  for (const version of ["20.19.0", "20.20.2", "22.1.0"]) assert.equal(nodeProblem(version), undefined);
  for (const version of ["20.18.3", "18.20.0"]) {
    assert.equal(nodeProblem(version), `Node ${version} is too old, 20.19 or newer is needed`);
  }
});

test("findPython passes over an old Python for a newer one under another name", () => {
  const machine = {python3: python([3, 8, 1]), "python3.11": python([3, 11, 2])};
  const found = findPython(name => machine[name] && JSON.stringify(machine[name]), {});
  assert.deepEqual(found.version, [3, 11, 2]);
});

test("findPython reports the unfit Python it found rather than none", () => {
  const found = findPython(name => (name === "python3" ? JSON.stringify(python([3, 8, 1])) : undefined), {});
  assert.deepEqual(found.version, [3, 8, 1]);
  assert.equal(
    findPython(() => undefined, {}),
    undefined,
  );
});

test("the compiler in CXX comes before g++, with the words that stand before or behind it", () => {
  const answer = words => `${words.join(" ")} 1.2\nmore`;
  const found = (CXX, exists = () => false) => findCompiler(answer, {CXX}, exists);
  assert.deepEqual(found("clang++"), {words: ["clang++"], version: "clang++ 1.2"});
  assert.deepEqual(found(" ccache  g++ -m64 ").words, ["ccache", "g++", "-m64"]);
  assert.deepEqual(found("'/my tools/g++' -O1").words, ["/my tools/g++", "-O1"]);
  assert.deepEqual(found("/my tools/g++", name => name === "/my tools/g++").words, ["/my tools/g++"]);
  for (const nothing of [undefined, "", "  "])
    assert.deepEqual(found(nothing), {words: ["g++"], version: "g++ 1.2"});
  assert.equal(
    findCompiler(() => undefined, {}),
    undefined,
  );
});

test("a CXX that does not run is passed over, and it is said which", () => {
  const answer = ([command]) => (command === "c++" ? "c++ 9" : undefined);
  assert.deepEqual(findCompiler(answer, {CXX: "/no/such g++"}), {
    words: ["c++"],
    version: "c++ 9",
    passedOver: 'CXX is "/no/such g++", which does not run here',
  });
  assert.equal(
    findCompiler(() => undefined, {CXX: "/no/such"}),
    undefined,
  );
});

test("TensorFlow's library is for Linux x86_64 with glibc and AVX, and each lack is named", () => {
  const fit = {platform: "linux", arch: "x64", glibc: true, avx: true};
  assert.equal(machineProblem(fit), undefined);
  assert.match(machineProblem({...fit, platform: "darwin", arch: "arm64"}), /darwin arm64/);
  assert.match(machineProblem({...fit, platform: "win32"}), /win32/);
  assert.match(machineProblem({...fit, arch: "arm64"}), /linux arm64/);
  assert.match(machineProblem({...fit, glibc: false}), /glibc/);
  assert.match(machineProblem({...fit, avx: false}), /AVX/);
});

test("CPU features are whole words of the flags line", () => {
  const text = "processor : 0\nflags\t\t: fpu avx2 avx512_bf16 amx_tile\nbugs : avx512f\n";
  assert.deepEqual(cpuFeatures(text), {avx: false, avx512: false, bf16: true, amx: false});
  assert.deepEqual(cpuFeatures(""), {avx: false, avx512: false, bf16: false, amx: false});
});

test("the flavour follows the driver unless MULTIPRIZE_FLAVOUR says otherwise", () => {
  const yes = () => true;
  const no = () => false;
  assert.equal(flavour({}, yes), "cuda");
  assert.equal(flavour({}, no), "cpu");
  assert.equal(flavour({MULTIPRIZE_FLAVOUR: "cpu"}, yes), "cpu");
  assert.equal(flavour({MULTIPRIZE_FLAVOUR: "cuda"}, no), "cuda");
  assert.throws(() => flavour({MULTIPRIZE_FLAVOUR: "gpu"}, no), /"gpu"; valid: cpu, cuda/);
});
