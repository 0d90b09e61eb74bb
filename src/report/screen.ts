import {printable} from "../core/printable";

/** One thing to show, in several forms by MIME type; every screen takes the best form it knows. */
export interface Bundle {
  readonly [type: string]: string | object | undefined;
  readonly "text/plain"?: string;
}

/** Where things are shown: a notebook's cell or a terminal. */
export interface Screen {
  kind: "notebook" | "terminal";
  /** Shows a bundle; a later one with the same id takes its place. */
  show(bundle: Bundle, id?: string): void;
}

interface TslabJupyter {
  lastWriteDisplayData: ((message: object, update: boolean) => void) | null;
}

/** The running tslab kernel's cell, or the terminal where this process is no kernel. */
export function currentScreen(): Screen {
  const jupyter = tslabJupyter();
  return jupyter ? notebook(jupyter) : terminal(text => process.stdout.write(printable(text)));
}

/** A terminal shows the plain text of a bundle, each as new lines. */
export function terminal(write: (text: string) => void): Screen {
  return {kind: "terminal", show: bundle => write(`${bundle["text/plain"] ?? ""}\n`)};
}

/** Ids shown in this process: the second bundle with an id is an update. */
const shown = new Set<string>();

function notebook(jupyter: TslabJupyter): Screen {
  return {
    kind: "notebook",
    show(bundle, id) {
      const update = id !== undefined && shown.has(id);
      if (id !== undefined) shown.add(id);
      jupyter.lastWriteDisplayData?.({data: bundle, metadata: {}, transient: {display_id: id}}, update);
    },
  };
}

/**
 * tslab's display API writes through this variable of its module `jupyter`, set anew before each cell. Read here
 * because that API shows one form at a time, and because the kernel's tslab need not be the one that
 * `require("tslab")` finds from this file.
 */
function tslabJupyter(): TslabJupyter | undefined {
  // A bundle has no modules to look among.
  for (const [path, module] of Object.entries(require.cache ?? {})) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
    const jupyter = module?.exports as TslabJupyter | undefined;
    if (jupyter?.lastWriteDisplayData) return jupyter;
  }
  return undefined;
}
