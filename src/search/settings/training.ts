import {CROP_REACH} from "../../data/augment";
import {architectures} from "../../network/architectures";
import type {ScheduleSpec} from "../spec";
import {epochList, nonNegative, oneOf, onOff, positive, real, whole} from "./kinds";
import type {Settings} from "./row";

const isConstant = ({name, ...parts}: ScheduleSpec): boolean =>
  name === "constant" && !("warmupEpochs" in parts && parts.warmupEpochs);

const recipes = {depends: "the architecture's"};

export const training: Pick<
  Settings,
  | "optimizer"
  | "learningRate"
  | "scoreRate"
  | "schedule"
  | "scheduleBy"
  | "cropReach"
  | "labelSmoothing"
  | "tuneBatchNorm"
> = {
  optimizer: {
    about: "of scores; of weights for dense",
    usual: recipes,
    knob: true,
    parts: {
      name: {
        about: "of scores",
        flag: "--optimizer <name>",
        kind: oneOf("optimizer", ["sgd", "adam"]),
        usual: recipes,
      },
      momentum: {
        about: "of SGD",
        flag: "--momentum <share>",
        kind: real(
          "a share of at least 0 and below 1",
          {from: 0, to: 0.99, step: 0.01},
          m => m >= 0 && m < 1,
        ),
        absent: {depends: "the architecture's; 0 with another optimizer"},
      },
      nesterov: {about: "Nesterov momentum", flag: "--nesterov", kind: onOff, absent: false},
      weightDecay: {
        about: "acts on scores too",
        flag: "--weight-decay <rate>",
        kind: nonNegative({from: -6, to: -1, step: 0.5, log: true}),
        absent: recipes,
      },
      clipValue: {
        about: "clip gradients to ± this",
        flag: "--clip <value>",
        kind: positive({from: -3, to: 1, step: 0.5, log: true}),
        absent: {depends: "no clipping"},
      },
      batchNormDecay: {
        about: "let weight decay act on batch norm's γ and β too; the flag spares them",
        flag: "--no-bn-decay",
        kind: onOff,
        absent: true,
      },
    },
  },
  learningRate: {
    about: "learning rate",
    flag: "--lr <rate>",
    kind: nonNegative({from: -4, to: 0, step: 0.25, log: true}),
    usual: recipes,
    knob: true,
  },
  scoreRate: {
    about: "relative, normalised: the learning rate in units of each layer's scores",
    flag: "--score-rate <name>",
    kind: oneOf("score rate", ["absolute", "relative", "normalised"]),
    absent: "absolute",
    neutral: "absolute",
    knob: true,
  },
  schedule: {
    about: "of the learning rate",
    usual: {depends: "cosine; ImageNet with warm-up", on: () => ({name: "cosine"})},
    neutral: {name: "cosine"},
    knob: true,
    parts: {
      name: {
        about: "of the learning rate",
        flag: "--schedule <name>",
        kind: oneOf("schedule", ["constant", "cosine", "multistep"]),
        usual: "cosine",
      },
      warmupEpochs: {
        about: "of a constant or cosine schedule",
        flag: "--warmup <epochs>",
        kind: whole(0, {from: 0, to: 10, step: 1}),
        absent: {depends: "0; ImageNet 5, or half of a search too short for them"},
      },
      gamma: {
        about: "of a multistep schedule",
        flag: "--gamma <factor>",
        kind: positive({from: 0.05, to: 1, step: 0.05}),
        absent: 0.1,
      },
      adjust: {
        about: "epochs from one step of a multistep schedule to the next",
        flag: "--adjust <epochs>",
        kind: whole(1, {from: 1, to: 100, step: 1}),
        absent: 20,
      },
      milestones: {
        about: "instead, the epochs of its steps, such as 30,60,80",
        flag: "--milestones <epochs>",
        kind: epochList,
        absent: {depends: "none"},
      },
    },
  },
  scheduleBy: {
    about: "when the rate moves on: after an epoch, or after a step",
    flag: "--schedule-by <name>",
    kind: oneOf("unit of a schedule", ["epoch", "step"]),
    absent: "epoch",
    neutral: "epoch",
    knob: true,
    idle: [{when: ({schedule}) => isConstant(schedule), because: "a constant schedule moves nothing"}],
  },
  cropReach: {
    about: "pixels that a training image's random crop may lie off it",
    flag: "--crop <pixels>",
    kind: whole(0, {from: 0, to: 4, step: 1}),
    absent: CROP_REACH,
    neutral: CROP_REACH,
    knob: true,
    idle: [
      {
        when: ({arch}) => architectures[arch].dataset === "mnist",
        because: "digits are not cropped",
      },
      {
        when: ({arch}) => architectures[arch].dataset === "imagenet",
        because: "ImageNet's crops are of random size",
      },
    ],
  },
  labelSmoothing: {
    about: "share of each label that is spread over all classes",
    flag: "--label-smoothing <share>",
    kind: real("a share of at least 0 and at most 1", {from: 0, to: 0.3, step: 0.05}, s => s >= 0 && s <= 1),
    usual: {depends: "0; ImageNet 0.1", on: () => 0},
    neutral: 0,
  },
  tuneBatchNorm: {
    about: "train batch norm alone, leave the scores",
    flag: "--tune-bn",
    kind: onOff,
    usual: false,
    neutral: false,
  },
};
