// Files that come and go while a kernel lives (a package installed, a set-up run again): the compiler notes them by a
// timer of its own, beside the one that rebuilds; tslab knows of one timer only, and threw "Unexpected pending
// rebuildTimer" at every such file and at the next cell.

const isLookup = callback => callback.name === "invalidateResolutionsOfFailedLookup";

function separateLookups(typescript) {
  const create = typescript.createWatchCompilerHost;
  typescript.createWatchCompilerHost = (files, options, system, ...rest) => {
    const {setTimeout: setRebuild, clearTimeout: clearRebuild} = system;
    const lookups = new Set();
    system.setTimeout = (callback, milliseconds) => {
      if (!isLookup(callback)) return setRebuild(callback);
      const timer = setTimeout(() => {
        lookups.delete(timer);
        callback();
      }, milliseconds);
      lookups.add(timer);
      return timer;
    };
    system.clearTimeout = timer => {
      if (lookups.delete(timer)) clearTimeout(timer);
      else clearRebuild(timer);
    };
    return create(files, options, system, ...rest);
  };
}

module.exports = {separateLookups};
