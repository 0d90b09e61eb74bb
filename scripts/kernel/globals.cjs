// What a cell may name without importing it, beside the language's own: Node's names. By itself the compiler reads in
// every package of node_modules/@types, some of them thousands of lines, in each kernel and anew for the checker of
// each cell. Who imports such a package is still told its types.

const types = /(?:^|\/)node_modules\/@types\/?$/;

/** tslab's compiler asks a system that inherits from `typescript.sys` for the folders there. */
function onlyNodesGlobals({sys}) {
  const folders = sys.getDirectories;
  sys.getDirectories = path => {
    const found = folders(path);
    return types.test(path) ? found.filter(name => name === "node") : found;
  };
}

module.exports = {onlyNodesGlobals};
