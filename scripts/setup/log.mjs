// What the set-up says: one line a step with its reason, a sign of life while it lasts, the time it took.
const tty = Boolean(process.stdout.isTTY);
const colour = tty && !process.env.NO_COLOR;
const paint = code => text => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const green = paint(32);
export const yellow = paint(33);
export const red = paint(31);

/** A failure the user can act upon: its message is printed without a stack. */
export class Failure extends Error {
  name = "Failure";
}

let headed = false;
function head() {
  if (!headed) console.log(bold("multiprize set-up"));
  headed = true;
}

/** True when a step had something to do. */
export const spoke = () => headed;

/** Something the user should know; the set-up goes on. */
export function notice(...lines) {
  head();
  console.log(`${yellow("!")} ${lines.join("\n  ")}`);
}

const seconds = since => Math.round((performance.now() - since) / 1000);

/**
 * Announce, work, report the time. `work` gets a function that takes the last line some program printed, to be
 * shown beside the elapsed seconds on a terminal; elsewhere a line appears every 15 s.
 */
export async function step(what, why, work, {ownProgress = false} = {}) {
  head();
  const started = performance.now();
  console.log(`${bold("·")} ${what}: ${why}`);
  let latest = "";
  const show = () => {
    const text = `  … ${seconds(started)} s ${latest}`.slice(0, (process.stdout.columns ?? 80) - 1);
    process.stdout.write(tty ? `\r\x1b[K${dim(text)}` : `  … ${seconds(started)} s\n`);
  };
  const quiet = tty && ownProgress;
  const timer = quiet ? undefined : setInterval(show, tty ? 250 : 15_000);
  try {
    return await work(line => {
      latest = line;
    });
  } finally {
    clearInterval(timer);
    if (tty && !quiet) process.stdout.write("\r\x1b[K");
    const took = seconds(started);
    if (took > 0) console.log(dim(`  ${took} s`));
  }
}
