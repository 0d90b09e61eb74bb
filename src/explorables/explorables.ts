import type {Explorable} from "./frame/explorable";
import {gainExplorable} from "./gain";
import {signalExplorable} from "./signal";
import {stepExplorable} from "./step";
import {sumsExplorable} from "./sums";
import {swapExplorable} from "./swap";
import {weightExplorable} from "./weight";

export type ExplorableName = "gain" | "step" | "weight" | "sums" | "swap" | "signal";

/** All that can be moved in the notebooks, by name; a script for each lies in `pages`. */
export const explorables: Readonly<Record<ExplorableName, Explorable<never>>> = {
  gain: gainExplorable as Explorable<never>,
  step: stepExplorable as Explorable<never>,
  weight: weightExplorable as Explorable<never>,
  sums: sumsExplorable as Explorable<never>,
  swap: swapExplorable as Explorable<never>,
  signal: signalExplorable as Explorable<never>,
};
