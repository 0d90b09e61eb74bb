import {printable} from "../core/printable";
import {type Bundle, currentScreen, type Screen, terminal} from "./screen";

/** The time, and a call after a time: what a throttled display needs to know of the clock. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Runs `action` after `milliseconds`; the result calls it off. */
  later(action: () => void, milliseconds: number): () => void;
}

/** One place on the screen that shows the latest of many updates. */
export interface LiveDisplay {
  /** Shows HTML; `text` is its form for a terminal, which shows nothing where it is left out. */
  html(html: string, text?: string): void;
  /** Shows plain text instead of what was shown. */
  text(text: string): void;
  /** Shows the last update at once; updates after it are ignored. */
  done(): void;
}

/** How often a display changes, and on which screen. */
export interface LiveOptions {
  /** Least time between two updates of the screen. Default 100: the tslab kernel hangs after bursts of output. */
  minIntervalMs?: number;
  clock?: Clock;
  screen?: Screen;
}

const processClock: Clock = {
  now: () => performance.now(),
  later(action, milliseconds) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

let created = 0;

/**
 * A display that may be updated as often as one likes: at most one update each `minIntervalMs` reaches the screen,
 * and the last one always does. Outside a notebook it writes text as lines to stderr.
 */
export function liveDisplay(options: LiveOptions = {}): LiveDisplay {
  const {minIntervalMs = 100, clock = processClock, screen = defaultScreen()} = options;
  created += 1;
  const id = `multiprize-live-${created}`;
  let waiting: Bundle | undefined;
  let cancel: (() => void) | undefined;
  let nextAt = Number.NEGATIVE_INFINITY;
  let finished = false;

  function flush(): void {
    cancel?.();
    cancel = undefined;
    if (!waiting) return;
    screen.show(waiting, id);
    waiting = undefined;
    nextAt = clock.now() + minIntervalMs;
  }

  function update(bundle: Bundle): void {
    if (finished) return;
    waiting = bundle;
    const wait = nextAt - clock.now();
    if (wait <= 0) flush();
    else cancel ??= clock.later(flush, wait);
  }

  return {
    html(html, text) {
      if (screen.kind === "notebook") update({"text/html": html, ...(text ? {"text/plain": text} : {})});
      else if (text !== undefined) update({"text/plain": text});
    },
    text: text => update({"text/plain": text}),
    done() {
      flush();
      finished = true;
    },
  };
}

function defaultScreen(): Screen {
  const screen = currentScreen();
  return screen.kind === "notebook" ? screen : terminal(text => process.stderr.write(printable(text)));
}
