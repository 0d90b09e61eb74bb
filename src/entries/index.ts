// multiprize: search, layers, tickets, predictions, and what shows them. More doors stand beside this one: the method
// on plain arrays, the theory, the experiments, and tickets without TensorFlow.js.

import "../backend/needed";

export * as tf from "@tensorflow/tfjs";
export {type Arithmetic, arithmeticOf} from "../backend/arithmetic";
export {type BackendInfo, type BackendName, backendInfo, useBackend} from "../backend/backend";
export type {KernelPlan} from "../backend/kernelPlan";
export {withWiderSums} from "../backend/widerSums";
export {type Fan, type FanFunction, type FanName, type FanRule, fanRules} from "../core/fan";
export {type GainContext, type GainFunction, type GainName, type GainRule, gainRules} from "../core/gain";
export {type LayerGain, type LayerGainName, layerGainNames} from "../core/layerGain";
export type {Precision} from "../core/precision";
export {type Ranking, rankings} from "../core/ranking";
export type {Rule} from "../core/rule";
export {
  type ScoreContext,
  type ScoreFunction,
  type ScoreName,
  type ScoreRule,
  scoreRules,
} from "../core/scores";
export type {ScoreGradientName, SurrogateName} from "../core/straightThrough";
export {
  type WeightContext,
  type WeightFunction,
  type WeightName,
  type WeightRule,
  weightRules,
} from "../core/weights";
export {type Batch, type BatchAddress, epochOrder, evaluationBatch, trainBatch} from "../data/batches";
export {type Dataset, type Normalisation, type Split, trainingSubset} from "../data/dataset";
export {type Downloaded, type DownloadOptions, downloadCifar10} from "../data/download";
export {type ImageNetOptions, loadImageNet} from "../data/imagenet";
export {type LoadOptions, loadDataset} from "../data/load";
export type {BatchSource, Pictures} from "../data/source";
export type {Drawing} from "../drawings/drawing";
export {halvingsDrawing} from "../drawings/halvings";
export {type DrawnNetwork, networkDrawing, prunedLayerDrawing} from "../drawings/network";
export {showDrawing} from "../drawings/show";
export {staircaseDrawing} from "../drawings/staircase";
export {swapDrawing} from "../drawings/swap";
export {fourTypesDrawing, twoRelusDrawing} from "../drawings/types";
export {type Agreement, compareEngines, type ImageApart} from "../evaluate/agreement";
export {
  evaluateTicket,
  type TicketEvaluation,
  type TicketEvaluationOptions,
} from "../evaluate/evaluateTicket";
export {withPredictor} from "../evaluate/predict";
export type {Predict, Predictor} from "../evaluate/predictors";
export type {DifferingSigns} from "../evaluate/signAgreement";
export type {ExplorableName} from "../explorables/explorables";
export {explorableHtml, showExplorable} from "../explorables/show";
export {BatchNorm, type BatchNormOptions, batchNorm} from "../layers/batchNorm";
export {BinaryActivation, type BinaryActivationOptions, binaryActivation} from "../layers/binaryActivation";
export {type BuildOptions, buildNetwork, type Network} from "../layers/build";
export {GlobalSelection} from "../layers/globalSelection";
export {MaskedConv2d, type MaskedConv2dOptions, maskedConv2d} from "../layers/maskedConv2d";
export {MaskedDense, type MaskedDenseOptions, maskedDense} from "../layers/maskedDense";
export {MaskedLayer} from "../layers/maskedLayer";
export type {MaskedOptions} from "../layers/maskedOptions";
export {type Method, methods} from "../layers/method";
export {type ScoreGradientFunction, type ScoreGradientRule, scoreGradients} from "../layers/scoreGradients";
export {GivenMasks, type MaskSource, type Selectable} from "../layers/selection";
export {type SurrogateFunction, type SurrogateRule, surrogates} from "../layers/surrogates";
export {networkOf} from "../layers/ticketNetwork";
export {
  type Architecture,
  type ArchitectureName,
  architectures,
  type Family,
  type NetworkOptions,
  operationsOf,
} from "../network/architectures";
export {type Counts, countWeights, type TrainingMemory, trainingMemory} from "../network/cost";
export type {Activation, ImageShape, Operation, Plan} from "../network/operations";
export {type LayerShape, layerShapes, type NetworkShape} from "../network/shapes";
export {AdamOptimizer, type AdamOptions, adam} from "../optim/adam";
export {categoricalCrossEntropy, correctCount, crossEntropy, type LossOptions} from "../optim/loss";
export {learningRateAt, type Schedule} from "../optim/schedule";
export {SgdOptimizer, type SgdOptions, sgd} from "../optim/sgd";
export {type SearchPanelOptions, searchPanel} from "../panels/searchPanel";
export type {Move, PanelSearch} from "../panels/steeredSearch";
export {playgroundHtml, showPlayground} from "../playground/show";
export {dataFrame} from "../report/dataframe";
export {type Heatmap, type Histogram, heatmapFigure, histogramFigure} from "../report/distributions";
export {
  type Axis,
  type BarSeries,
  barFigure,
  type Figure,
  type Frame,
  type LineSeries,
  lineFigure,
} from "../report/figure";
export {figureHtml, pageHtml, plotlyLoaderHtml} from "../report/html";
export {type LiveDisplay, type LiveOptions, liveDisplay} from "../report/live";
export {type LearningCurve, learningCurveFigure} from "../report/searchCurves";
export {loadPlotly, showFigure, showTable} from "../report/show";
export {figureSvg, svgToPng} from "../report/static";
export {type Column, type Columns, tableHtml, tableMarkdown, tableText} from "../report/table";
export {imageTiles} from "../report/tiles";
export {type Given, searchSpec} from "../search/defaults";
export {type EvaluationOptions, evaluate} from "../search/evaluate";
export {type LossAndGradients, lossAndGradients} from "../search/gradients";
export {Interrupted, untilInterrupted} from "../search/interrupt";
export type {EpochRecord, Position} from "../search/position";
export type {StepProgress} from "../search/progress";
export {type NamedRecipe, type RecipeName, recipes} from "../search/recipe";
export type {SearchResult} from "../search/result";
export {scoreSteps} from "../search/scoreSteps";
export {
  buildFor,
  type SearchOptions,
  search,
} from "../search/search";
export {searchProgress} from "../search/searchProgress";
export type {Knobs, OptimizerSpec, RampSpec, ScheduleSpec, SearchSpec} from "../search/spec";
export type {Moment, SteerableSettings, Steering} from "../search/steering";
export {type TicketOptions, ticketOf} from "../search/ticketOf";
export {CheckpointError} from "../torch/checkpointError";
export {type ImportOptions, importTicket} from "../torch/importTicket";
export * from "./infer";
