// What multiprize doctor says where the package was installed from a registry: nothing is to be built there.
const {existsSync, readFileSync} = require("node:fs");
const {createRequire} = require("node:module");
const {join} = require("node:path");

const root = join(__dirname, "..");
const uses = {
  "@tensorflow/tfjs": "searching and training",
  "@tensorflow/tfjs-backend-wasm": "searching at WebAssembly's speed",
  mnist: "the data set of digits",
  sharp: "ImageNet and folders of pictures",
};

function isThere(name) {
  try {
    createRequire(join(root, "package.json")).resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    return error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  }
}

/** The same object as scripts/setup/examine.mjs gives of a clone. */
function packageReport() {
  const {version, peerDependencies = {}} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const kernels = existsSync(join(root, "dist", "infer", "kernels.wasm"));
  const parts = Object.entries(uses).map(([name, use]) =>
    isThere(name)
      ? {state: "ok", text: `${name}: ${use}`}
      : {
          state: "note",
          text: `${name} is not installed: ${use}`,
          fix: `npm install ${name}@${peerDependencies[name] ?? ""}`,
        },
  );
  const own = [
    {state: "ok", text: `multiprize ${version}, installed as a package; Node.js ${process.version}`},
    kernels
      ? {state: "ok", text: "kernels for reading tickets and predicting"}
      : {state: "missing", text: "kernels for predicting", fix: "install the package anew"},
    {state: "note", text: "the native TensorFlow backend and the notebooks need a clone of the repository"},
  ];
  const ready = kernels && isThere("@tensorflow/tfjs");
  return {
    groups: [
      {title: "Package", items: own},
      {title: "Parts", items: parts},
    ],
    ready,
    summary: ready ? "ready: a search can run now" : "tickets can be read; a search needs @tensorflow/tfjs",
  };
}

module.exports = {packageReport};
