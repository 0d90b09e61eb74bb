// Files that come and go while a kernel lives (a package installed, a set-up run again): the compiler notes them by a
// timer of its own, beside the one that rebuilds; tslab knows of one timer only, and threw "Unexpected pending
// rebuildTimer" at every such file and at the next cell. It kept that timer, too, when a rebuilding failed.

const isLookup = callback => callback.name === "invalidateResolutionsOfFailedLookup";

function separateLookups(typescript) {
  const create = typescript.createWatchCompilerHost;
  typescript.createWatchCompilerHost = (files, options, system, ...rest) => {
    const {setTimeout: setRebuild, clearTimeout: clearRebuild} = system;
    const lookups = new Set();
    let pending;
    const forget = () => {
      try {
        if (pending) clearRebuild(pending);
      } catch {
        // It has been called meanwhile: there is none to clear.
      }
      pending = undefined;
    };
    system.setTimeout = (callback, milliseconds) => {
      if (!isLookup(callback)) {
        forget();
        pending = setRebuild(callback);
        return pending;
      }
      const timer = setTimeout(() => {
        lookups.delete(timer);
        callback();
      }, milliseconds);
      lookups.add(timer);
      return timer;
    };
    system.clearTimeout = timer => {
      if (lookups.delete(timer)) clearTimeout(timer);
      else if (timer === pending) forget();
    };
    return create(files, options, system, ...rest);
  };
}

module.exports = {separateLookups};
