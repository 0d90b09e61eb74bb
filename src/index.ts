export * as tf from "@tensorflow/tfjs";
export {type Arithmetic, arithmeticOf} from "./backend/arithmetic";
export {type BackendInfo, type BackendName, backendInfo, useBackend} from "./backend/backend";
export type {KernelPlan} from "./backend/kernelPlan";
export {withWiderSums} from "./backend/widerSums";
export type {InferenceBenchReport, InferenceBenchRow, InferenceTiming} from "./bench/inferenceBench";
export {whereBitsLose} from "./bench/inferenceBenchText";
export {inferenceRecordCommand, readInferenceRecord} from "./bench/inferenceRecord";
export {UserError} from "./core/errors";
export {type Fan, type FanFunction, type FanName, type FanRule, fanOf, fanRules} from "./core/fan";
export {type GainContext, type GainFunction, type GainName, type GainRule, gainRules} from "./core/gain";
export {type LayerGain, type LayerGainName, layerGainNames} from "./core/layerGain";
export {globalTopKMasks, keepCount, topKMask} from "./core/mask";
export {median} from "./core/median";
export {binarize, prune, scoreGradient} from "./core/quantize";
export {Stream} from "./core/random";
export {type Ranking, rankings} from "./core/ranking";
export {
  type ScoreContext,
  type ScoreFunction,
  type ScoreName,
  type ScoreRule,
  scoreRules,
  startScores,
} from "./core/scores";
export {signOfActivation, signOfWeight} from "./core/sign";
export {
  randomWeights,
  type WeightContext,
  type WeightFunction,
  type WeightName,
  type WeightOptions,
  type WeightRule,
  weightRules,
} from "./core/weights";
export {epochOrder, evaluationBatch, trainBatch} from "./data/batches";
export {type Dataset, type Split, subset} from "./data/dataset";
export {downloadCifar10} from "./data/download";
export {loadImageNet} from "./data/imagenet";
export {loadDataset} from "./data/load";
export type {BatchSource, Pictures} from "./data/source";
export {type Agreement, compareEngines, type ImageApart} from "./evaluate/agreement";
export {evaluateTicket, type TicketEvaluation, type TicketEvaluationOptions} from "./evaluate/evaluateTicket";
export {type Predict, type Predictor, withPredictor} from "./evaluate/predict";
export {
  type Ablation,
  type AblationOptions,
  type AblationRun,
  type AblationSetting,
  ablate,
  ablationSetting,
  ablationSpecs,
  type Knob,
  type Knobs,
  knobNames,
} from "./experiments/ablate";
export {type Cell, cellsOf, type Experiment, type Setting} from "./experiments/define/experiment";
export {experimentNamed, experiments} from "./experiments/define/experiments";
export {type Preset, type PresetName, presets} from "./experiments/define/preset";
export {entropyBytes, sketchOverlap} from "./experiments/records/maskFacts";
export {maskOverlap} from "./experiments/records/overlap";
export {type Places, placesOf} from "./experiments/records/places";
export {
  type Published,
  publishedRow,
  publishedRows,
  publishedText,
  sourceText,
} from "./experiments/records/published";
export type {DivergedRecord, DoneRecord, LayerRecord, RunRecord} from "./experiments/records/record";
export {type RunSpec, specId} from "./experiments/records/specId";
export {loadRecords, type Results} from "./experiments/records/store";
export {type FindOptions, findOrRun, findRecords} from "./experiments/run/findOrRun";
export {accuracyFigure} from "./experiments/show/accuracyFigure";
export {
  type Claim,
  checkClaims,
  type Effect,
  effectRows,
  effectsOf,
  effectText,
} from "./experiments/show/effects";
export {firstMove, moveFigure, stepFigure} from "./experiments/show/moveFigure";
export {
  type ComparedRow,
  comparedColumns,
  comparedRows,
  type OtherRow,
  otherRows,
  sourceNotes,
} from "./experiments/show/report";
export {
  accuracyText,
  type Found,
  type MeanRow,
  meansOverSeeds,
  type ResultRow,
  resultRow,
  sizeBytes,
} from "./experiments/show/rows";
export {searchProgress} from "./experiments/show/searchProgress";
export {signalFigure} from "./experiments/show/signalFigure";
export {sizeFigure} from "./experiments/show/sizeFigure";
export {type SpecRow, specRows} from "./experiments/show/specRows";
export {type Place, type Verdict, verdictOf} from "./experiments/show/verdict";
export {createInference, type Engine, type Inference, type InferenceOptions} from "./infer/inference";
export {inferenceOf} from "./infer/inferenceOf";
export {inferencePool} from "./infer/threads/nodePool";
export type {InferencePool} from "./infer/threads/pool";
export {BatchNorm, type BatchNormOptions, batchNorm} from "./layers/batchNorm";
export {BinaryActivation, type BinaryActivationOptions, binaryActivation} from "./layers/binaryActivation";
export {type BuildOptions, buildNetwork, type Network} from "./layers/build";
export {MaskedConv2d, type MaskedConv2dOptions, maskedConv2d} from "./layers/maskedConv2d";
export {MaskedDense, type MaskedDenseOptions, maskedDense} from "./layers/maskedDense";
export {MaskedLayer} from "./layers/maskedLayer";
export type {MaskedOptions} from "./layers/maskedOptions";
export {type Method, methods} from "./layers/method";
export {
  type ScoreGradientFunction,
  type ScoreGradientName,
  type ScoreGradientRule,
  scoreGradients,
} from "./layers/scoreGradients";
export {GivenMasks, GlobalSelection, type MaskSource} from "./layers/selection";
export {
  type SurrogateFunction,
  type SurrogateName,
  type SurrogateRule,
  surrogates,
} from "./layers/surrogates";
export {networkOf} from "./layers/ticketNetwork";
export {
  type Architecture,
  type ArchitectureName,
  architectures,
  type ImageShape,
  operationsOf,
} from "./network/architectures";
export type {BatchNormMode} from "./network/batchNormMode";
export {type TrainingMemory, trainingMemory} from "./network/memory";
export type {Activation, Operation} from "./network/operations";
export {type Counts, countWeights, type LayerShape, layerShapes} from "./network/shapes";
export {AdamOptimizer, type AdamOptions, adam} from "./optim/adam";
export {categoricalCrossEntropy, correctCount, crossEntropy} from "./optim/loss";
export {learningRateAt, type Schedule} from "./optim/schedule";
export {SgdOptimizer, type SgdOptions, sgd} from "./optim/sgd";
export {readCase} from "./parity/caseFile";
export {type Comparison, compareCase, worstByQuantity} from "./parity/compare";
export {replay} from "./parity/replay";
export {firstOrderChange, revolvingDoor, swapBetween} from "./plain/combinations";
export {
  bestSwap,
  effectiveWeights,
  entryEffects,
  lossLandscape,
  maskLoss,
  type Swap,
  type Toy,
  type WalkStep,
  walkMasks,
  wedgeToy,
} from "./plain/maskWalk";
export type {Matrix} from "./plain/matrix";
export {pooled} from "./plain/pooledDigits";
export {applyLayer, type Between, keptMask, type PrunedLayer, runPruned} from "./plain/prunedLayer";
export {
  type FeatureWeights,
  leastSquares,
  oneHot,
  randomFeatures,
  readoutAccuracy,
} from "./plain/randomFeatures";
export {
  type AffineLayer,
  activations,
  applyAffine,
  lipschitz,
  polygonNetwork,
  type ReluNetwork,
  runRelu,
  withConstantInput,
} from "./plain/reluNetwork";
export {
  expectedSignal,
  type LayerSignal,
  measuredSignal,
  type SignalOptions,
  signalFactor,
} from "./plain/signal";
export {
  accuracyOf,
  argmax,
  inputAt,
  type LabelledInputs,
  lossOf,
  margins,
  meanGradient,
  type TrainOptions,
  trainRelu,
} from "./plain/trainRelu";
export {
  defaultSettings,
  type Playground,
  type Settings,
  startPlayground,
  stepPlayground,
} from "./playground/playground";
export {playgroundHtml, showPlayground} from "./playground/show";
export {dataFrame} from "./report/dataframe";
export {type Heatmap, type Histogram, heatmapFigure, histogramFigure} from "./report/distributions";
export {
  type Axis,
  type BarSeries,
  barFigure,
  colour,
  type Figure,
  type LineSeries,
  lineFigure,
} from "./report/figure";
export {figureHtml, pageHtml, plotlyLoaderHtml} from "./report/html";
export {type LiveDisplay, liveDisplay} from "./report/live";
export {type LearningCurve, learningCurveFigure} from "./report/searchCurves";
export {loadPlotly, showFigure, showTable} from "./report/show";
export {figureSvg, svgToPng} from "./report/static";
export {type Column, type Columns, tableHtml, tableMarkdown, tableText} from "./report/table";
export {tiles} from "./report/tiles";
export {searchSpec} from "./search/defaults";
export {type EvaluationOptions, evaluate} from "./search/evaluate";
export {lossAndGradients} from "./search/gradients";
export {Interrupted, untilInterrupted} from "./search/interrupt";
export type {EpochRecord} from "./search/position";
export type {StepProgress} from "./search/progress";
export type {SearchResult} from "./search/result";
export {scoreSteps} from "./search/scoreSteps";
export {
  buildFor,
  type SearchOptions,
  search,
} from "./search/search";
export {
  type OptimizerSpec,
  type Precision,
  precisions,
  type RampSpec,
  type ScheduleSpec,
  type SearchSpec,
} from "./search/spec";
export {type TicketOptions, ticketOf} from "./search/ticketOf";
export {
  partsForError,
  roundingError,
  unitsForLayer,
  unitsForLayerByEntropy,
} from "./theory/bounds";
export {
  type Construction,
  type ErrorOptions,
  type PruneOptions,
  pruneToBias,
  pruneToLayer,
  pruneToNeuron,
  pruneToWeight,
} from "./theory/construct";
export {
  achievedNetwork,
  activationNorms,
  certify,
  certifyFound,
  type NetworkConstruction,
  type NetworkPruneOptions,
  pruneToNetwork,
  sizesForError,
} from "./theory/constructNetwork";
export {binaryEntropy, choose, distinctFunctions, log2Choose} from "./theory/counting";
export {
  type DeepConstruction,
  type DeepOptions,
  pruneToDeepWeight,
  sizesForDeepWeight,
} from "./theory/doubling";
export {
  binomialInterval,
  binomialPmf,
  fewestUnits,
  type LayerChance,
  successProbability,
} from "./theory/multinomial";
export {SignMatrix} from "./theory/signMatrix";
export {
  pruneToStaircase,
  type Staircase,
  type StaircaseOptions,
  staircaseInput,
} from "./theory/staircase";
export {
  logisticGrowth,
  nearestSubset,
  pruneRealToWeight,
  reachableShares,
  type Subset,
  uniformValues,
} from "./theory/subsetSum";
export {measuredSuccess, scarcestType} from "./theory/typeCounts";
export {atKeepFraction} from "./ticket/atKeepFraction";
export {decodeTicket} from "./ticket/decode";
export {encodeTicket} from "./ticket/encode";
export {entropy} from "./ticket/estimate";
export {readTicket, readTicketBytes, writeTicket} from "./ticket/file";
export {type LayerSizes, type TicketSizes, ticketSizes} from "./ticket/sizes";
export {
  type Initialisation,
  type Json,
  maskOf,
  type Provenance,
  type Ranks,
  type Selection,
  type SignSource,
  type Ticket,
  type TicketBatchNorm,
  type TicketLayer,
  type TicketNetwork,
} from "./ticket/ticket";
export {TicketError} from "./ticket/ticketError";
export {type TicketRow, ticketRow} from "./ticket/ticketRow";
export {CheckpointError} from "./torch/checkpointError";
export {type ImportOptions, importTicket} from "./torch/importTicket";
