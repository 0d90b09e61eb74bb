// multiprize/theory: the constructions behind the conjecture, with their bounds; in doubles, without TensorFlow.js.
export {
  partsForError,
  roundingError,
  type TailBound,
  type TheoremSetting,
  theoremSizes,
  unitsForLayer,
  unitsForLayerAimed,
  unitsForLayerByEntropy,
} from "../theory/bounds";
export {
  type Construction,
  type ErrorOptions,
  type PruneOptions,
  pruneToBias,
  pruneToLayer,
  pruneToNeuron,
  pruneToWeight,
} from "../theory/construct";
export {
  achievedNetwork,
  activationNorms,
  certify,
  certifyFound,
  type NetworkConstruction,
  type NetworkPruneOptions,
  pruneToNetwork,
  sizesForError,
} from "../theory/constructNetwork";
export {choose, distinctFunctions, log2Choose} from "../theory/counting";
export {
  type DeepConstruction,
  type DeepOptions,
  pruneToDeepWeight,
  sizesForDeepWeight,
} from "../theory/doubling";
export {
  binomialInterval,
  binomialPmf,
  fewestUnits,
  fewestUnitsForWeight,
  type LayerChance,
  successProbability,
  weightProbability,
} from "../theory/multinomial";
export {type KeepFractions, keepFractionsOf, padToKeepFraction} from "../theory/padding";
export {type RandomPair, SignMatrix} from "../theory/signMatrix";
export {pruneToStaircase, type Staircase, type StaircaseOptions, staircaseInput} from "../theory/staircase";
export {
  type Interval,
  logisticGrowth,
  nearestSubset,
  pruneRealToWeight,
  reachableShares,
  reachableTargets,
  type Subset,
  uniformValues,
} from "../theory/subsetSum";
export {measuredSuccess, scarcestType} from "../theory/typeCounts";
