// Files that come and go while a kernel lives (a package installed, a set-up run again): the compiler notes them by a
// timer of its own, beside the one that rebuilds; tslab knows of one timer only, and threw "Unexpected pending
// rebuildTimer" at every such file and at the next cell. It kept that timer, too, when a rebuilding failed.

const isLookup = callback => callback.name === "invalidateResolutionsOfFailedLookup";

/**
 * tslab gives its compiler a system that inherits from `typescript.sys` and sets two functions of its own on it; the
 * setters here wrap them. (The compiler's own functions cannot be replaced: its exports are read-only.)
 */
function separateLookups({sys}) {
  const {setTimeout: set, clearTimeout: clear} = sys;
  Object.defineProperties(sys, {
    setTimeout: {
      configurable: true,
      get: () => set,
      set(setRebuild) {
        Object.defineProperty(this, "setRebuild", {value: setRebuild});
      },
    },
    clearTimeout: {
      configurable: true,
      get: () => clear,
      set(clearRebuild) {
        const timers = separateTimers(this.setRebuild, clearRebuild);
        for (const [name, value] of Object.entries(timers)) Object.defineProperty(this, name, {value});
      },
    },
  });
}

function separateTimers(setRebuild, clearRebuild) {
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
  return {
    setTimeout(callback, milliseconds) {
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
    },
    clearTimeout(timer) {
      if (lookups.delete(timer)) clearTimeout(timer);
      else if (timer === pending) forget();
    },
  };
}

module.exports = {separateLookups};
