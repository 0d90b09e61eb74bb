import {UserError} from "../core/errors";

/** Which form of a kernel serves which shapes, such as {"Conv2D 128x16x16x64 3x3x64x128 1 SAME": "bfloat16"}. */
export type KernelPlan = Readonly<Record<string, string>>;

/** A form that rounds more must be faster than this share of float32's time, or noise would choose it. */
const WORTHWHILE = 0.9;
const ROUNDS = 3;
/** A form this much slower than the best after a round is out. */
const HOPELESS = 1.25;

/** Measured in this process: what one search measured the next repeats, so that equal searches stay equal. */
const measured = new Map<string, string>();

/**
 * Chooses the form of a kernel for a shape the first time it is met: as the given plan says, else as measured earlier
 * in this process, else by a measurement. Never asks again.
 */
export class KernelChoices {
  private readonly chosen: Map<string, string>;

  constructor(given: KernelPlan = {}) {
    this.chosen = new Map(Object.entries(given));
  }

  /** `forms` run once when called; the first is the plain one. */
  choose<Form extends string>(key: string, forms: Readonly<Record<Form, () => void>>): Form {
    const form = this.chosen.get(key) ?? measured.get(key);
    if (form === undefined) {
      const fastest = fastestOf(forms);
      measured.set(key, fastest);
      this.chosen.set(key, fastest);
      return fastest;
    }
    if (!Object.hasOwn(forms, form)) {
      throw new UserError(
        `the kernel plan names form "${form}" for ${key}; choose ${Object.keys(forms).join(", ")}`,
      );
    }
    this.chosen.set(key, form);
    return form as Form;
  }

  /** What was given and what has been chosen since. */
  plan(): KernelPlan {
    return Object.fromEntries(this.chosen);
  }
}

/** The form with the least time in the best of three runs, the first unless another is clearly faster. */
export function fastestOf<Form extends string>(
  forms: Readonly<Record<Form, () => void>>,
  now: () => number = () => performance.now(),
): Form {
  const names = Object.keys(forms) as Form[];
  const best = new Map<Form, number>();
  let running = names;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of running) {
      const began = now();
      forms[name]();
      best.set(name, Math.min(now() - began, best.get(name) ?? Number.POSITIVE_INFINITY));
    }
    // The first run of a form also prepares it, and says little.
    const limit = HOPELESS * Math.min(...best.values());
    if (round > 0) running = running.filter(name => best.get(name)! <= limit);
  }
  const [plain, ...others] = names;
  const fastest = others.reduce((a, b) => (best.get(b)! < best.get(a)! ? b : a), plain);
  return best.get(fastest)! < WORTHWHILE * best.get(plain)! ? fastest : plain;
}
