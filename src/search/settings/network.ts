import {architectureNames} from "../../network/architectures";
import {batchNormModes} from "../../network/batchNormMode";
import {oneOf, positive} from "./kinds";
import type {Settings} from "./row";

export const network: Pick<Settings, "arch" | "activation" | "width" | "batchNorm"> = {
  arch: {
    about: "network",
    flag: "--arch <name>",
    kind: oneOf("architecture", architectureNames),
    usual: {depends: "none: it must be given"},
  },
  activation: {
    about: "relu: MPT-1/32, sign: MPT-1/1",
    flag: "--activation <name>",
    kind: oneOf("activation", ["relu", "sign"]),
    usual: "relu",
    neutral: "relu",
    knob: true,
  },
  width: {
    about: "multiplies every layer's width",
    flag: "--width <factor>",
    kind: positive({from: 0.125, to: 2, step: 0.125}),
    usual: 1,
    neutral: 1,
  },
  batchNorm: {
    about: "batch norm's γ and β; learned is +BN",
    flag: "--bn <mode>",
    kind: oneOf("batch norm mode", batchNormModes),
    usual: {depends: "none; learned in a dense VGG or ResNet", on: () => "none"},
    neutral: "none",
    knob: true,
  },
};
