// multiprize/plain: the method on plain arrays, in the paper's own equations, and small networks in doubles to try it
// on; without TensorFlow.js.
export {argmax} from "../core/argmax";
export {binaryEntropy} from "../core/entropy";
export {fanOf} from "../core/fan";
export {globalTopKMasks, keepCount, topKMask} from "../core/mask";
export {binarize, prune} from "../core/quantize";
export {Stream} from "../core/random";
export {startScores} from "../core/scores";
export {signOfActivation, signOfWeight} from "../core/sign";
export {median} from "../core/statistics";
export {scoreGradient} from "../core/straightThrough";
export {randomWeights, type WeightOptions} from "../core/weights";
export {
  binarized,
  biprop,
  type Found,
  moveScores,
  type RandomNetwork,
  type Scores,
  type SearchOptions,
  type StepSize,
} from "../plain/biprop";
export {firstOrderChange, revolvingDoor, swapBetween} from "../plain/combinations";
export {edgePopup} from "../plain/edgePopup";
export {
  bestSwap,
  entryEffects,
  lossLandscape,
  maskLoss,
  type Swap,
  type Toy,
  type WalkStep,
  walkMasks,
  wedgeToy,
} from "../plain/maskWalk";
export type {Matrix} from "../plain/matrix";
export {pooled} from "../plain/pooledDigits";
export {
  type Rank,
  rankedSearches,
  type SwappingStep,
  swappingSteps,
  type WideOptions,
  wideToy,
  wideWalk,
} from "../plain/promise";
export {applyLayer, type Between, keptMask, type PrunedLayer, runPruned} from "../plain/prunedLayer";
export {quantisationError} from "../plain/quantiser";
export {
  type FeatureWeights,
  leastSquares,
  oneHot,
  randomFeatures,
  readoutAccuracy,
} from "../plain/randomFeatures";
export {
  type AffineLayer,
  activations,
  applyAffine,
  lipschitz,
  polygonNetwork,
  type ReluNetwork,
  runRelu,
  withConstantInput,
  withoutBiases,
} from "../plain/reluNetwork";
export {
  expectedSignal,
  type LayerSignal,
  measuredSignal,
  type SignalOptions,
  signalFactor,
} from "../plain/signal";
export {
  accuracyOf,
  type Gradient,
  inputAt,
  type LabelledInputs,
  lossOf,
  margins,
  meanGradient,
  type TrainOptions,
  trainRelu,
} from "../plain/trainRelu";
export {
  defaultSettings,
  type Playground,
  type Settings,
  type StepChange,
  startPlayground,
  stepPlayground,
} from "../playground/playground";
export type {PointsName} from "../playground/points";
