import {rankings} from "../../core/ranking";
import {methods} from "../../layers/method";
import {oneOf, share, whole} from "./kinds";
import type {Settings} from "./row";

export const mask: Pick<Settings, "method" | "keepFraction" | "selection" | "ranking" | "ramp"> = {
  method: {
    about: "baselines: dense trains the weights, random-mask nothing",
    flag: "--method <name>",
    kind: oneOf("method", methods),
    usual: "biprop",
    neutral: "biprop",
  },
  keepFraction: {
    about: "share of weights kept",
    flag: "--keep <share>",
    kind: share,
    usual: {depends: "0.5; 1 for dense", on: ({method}) => (method === "dense" ? 1 : 0.5)},
    knob: true,
  },
  selection: {
    about: "one threshold a layer, or one for all",
    flag: "--selection <name>",
    kind: oneOf("selection", ["layerwise", "global"]),
    usual: "layerwise",
    neutral: "layerwise",
    knob: true,
    idle: [{when: ({method}) => method === "dense", because: "`method: dense` prunes nothing"}],
  },
  ranking: {
    about: "keep by |score|, or by the signed score",
    flag: "--ranking <name>",
    kind: oneOf("ranking", rankings),
    absent: "magnitude",
    neutral: "magnitude",
    knob: true,
    idle: [{when: ({method}) => method === "dense", because: "`method: dense` has no scores"}],
  },
  ramp: {
    about: "how the share kept comes down to keepFraction",
    absent: {depends: "none; global selection of less than half has one"},
    parts: {
      epochs: {
        about: "epochs until only the share is kept, 0 for none",
        flag: "--ramp <epochs>",
        kind: whole(0, {from: 0, to: 20, step: 1}),
        usual: {depends: "0; global below one half: 10, or a tenth of the search", on: () => 0},
      },
      from: {
        about: "what the first epoch of a ramp keeps",
        flag: "--ramp-from <share>",
        kind: share,
        usual: 0.5,
      },
    },
  },
};
