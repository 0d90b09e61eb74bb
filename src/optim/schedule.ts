import {checkCount, checkNonNegative, checkNumber} from "./check";

interface Common {
  /** The rate before any reduction. */
  readonly learningRate: number;
  /** E: length of the whole training. */
  readonly epochs: number;
}

/** A learning-rate schedule as plain JSON: one rate for each epoch e = 0 … E - 1. */
export type Schedule =
  | (Common & {
      readonly name: "constant" | "cosine";
      /** w: the rate grows evenly over the first w epochs. Default 0. */
      readonly warmupEpochs?: number;
    })
  | (Common & {
      readonly name: "multistep";
      /** Factor of each reduction. Default 0.1. */
      readonly gamma?: number;
      /** Reduces every `adjust` epochs. Default 20. */
      readonly adjust?: number;
      /** Reduces at these epochs instead, in rising order. */
      readonly milestones?: readonly number[];
    });

/** Of a multistep schedule that says nothing else: epochs from one reduction to the next. */
const ADJUST = 20;

const options: Record<Schedule["name"], readonly string[]> = {
  constant: ["learningRate", "epochs", "warmupEpochs"],
  cosine: ["learningRate", "epochs", "warmupEpochs"],
  multistep: ["learningRate", "epochs", "gamma", "adjust", "milestones"],
};

/**
 * The rate of an epoch (biprop f709fc5 utils/schedulers.py), with lr the schedule's learningRate:
 *
 *     constant    lr
 *     cosine      lr * (1 + cos(pi * (e - w) / (E - w))) / 2; never reaches 0
 *     multistep   lr * gamma^floor(e / adjust), or lr * gamma^(number of milestones <= e)
 *     warm-up     lr * (e + 1) / w while e < w; constant and cosine only
 *
 * Throws a RangeError for an epoch outside 0 … E - 1 and for a schedule that `checkSchedule` refuses.
 */
export function learningRateAt(schedule: Schedule, epoch: number): number {
  checkSchedule(schedule);
  const {learningRate, epochs} = schedule;
  checkNumber("epoch", epoch, `a whole number from 0 to ${epochs - 1}`, e => {
    return Number.isInteger(e) && e >= 0 && e < epochs;
  });
  if (schedule.name === "multistep") {
    const {gamma = 0.1, adjust = ADJUST, milestones} = schedule;
    const reductions = milestones ? milestones.filter(m => m <= epoch).length : Math.floor(epoch / adjust);
    return learningRate * gamma ** reductions;
  }
  const {warmupEpochs = 0} = schedule;
  if (epoch < warmupEpochs) return (learningRate * (epoch + 1)) / warmupEpochs;
  if (schedule.name === "constant") return learningRate;
  return 0.5 * (1 + Math.cos((Math.PI * (epoch - warmupEpochs)) / (epochs - warmupEpochs))) * learningRate;
}

/**
 * The same schedule with each epoch cut into `steps`: its rates are one a step, and every length in it is counted in
 * steps. Multistep rates are those of the epochs; warm-up and cosine move on within them.
 */
export function inSteps(schedule: Schedule, steps: number): Schedule {
  const epochs = schedule.epochs * steps;
  if (schedule.name !== "multistep")
    return {...schedule, epochs, warmupEpochs: (schedule.warmupEpochs ?? 0) * steps};
  const {adjust = ADJUST, milestones, ...rest} = schedule;
  if (milestones) return {...rest, epochs, milestones: milestones.map(milestone => milestone * steps)};
  return {...rest, epochs, adjust: adjust * steps};
}

/** Throws a RangeError that says what is wrong with a schedule, and what is valid. */
export function checkSchedule(schedule: Schedule): void {
  const name = schedule.name;
  const known = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!known) throw new RangeError(`no schedule "${name}"; choose one of ${Object.keys(options).join(", ")}`);
  const given = Object.entries(schedule).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  const foreign = given.find(key => key !== "name" && !known.includes(key));
  if (foreign) throw new RangeError(`schedule "${name}" takes no ${foreign}, only ${known.join(", ")}`);
  checkNonNegative("learningRate", schedule.learningRate);
  checkCount("epochs", schedule.epochs, 0);
  if (schedule.name === "multistep") checkSteps(schedule);
  else {
    const {warmupEpochs = 0, epochs} = schedule;
    checkNumber("warmupEpochs", warmupEpochs, `a whole number from 0 to ${epochs}, the epochs`, w => {
      return Number.isInteger(w) && w >= 0 && w <= epochs;
    });
  }
}

function checkSteps({gamma = 0.1, adjust, milestones}: Extract<Schedule, {name: "multistep"}>): void {
  checkNumber("gamma", gamma, "a number > 0", g => g > 0);
  if (adjust !== undefined && milestones !== undefined) {
    throw new RangeError("give a multistep schedule either adjust or milestones, not both");
  }
  checkCount("adjust", adjust ?? ADJUST, 1);
  if (milestones?.some((m, i) => !Number.isInteger(m) || m <= (milestones[i - 1] ?? -1))) {
    throw new RangeError(`milestones must be whole epochs in rising order, got ${milestones.join(", ")}`);
  }
}
