// multiprize/experiments: the paper's tables and figures and the ablations, as lists of runs; what is recorded of them,
// and how it is shown beside what was published.
import "../backend/needed";

export type {FirstCall} from "../bench/firstCall";
export type {FirstCallRow, FirstCallTimes} from "../bench/firstCalls";
export {whereBitsLose} from "../bench/inferenceBenchText";
export {inferenceRecordCommand, readInferenceRecord} from "../bench/inferenceRecord";
export type {InferenceBenchReport, InferenceBenchRow, InferenceTiming} from "../bench/inferenceReport";
export {
  type Ablation,
  type AblationOptions,
  type AblationRun,
  type AblationSetting,
  ablate,
  ablationSetting,
  ablationSpecs,
  type Knob,
} from "../experiments/ablate";
export {
  type Cell,
  cellsOf,
  type Experiment,
  type PublishedCurve,
  type Setting,
} from "../experiments/define/experiment";
export {experimentNamed, experiments} from "../experiments/define/experiments";
export {type Preset, type PresetName, presets} from "../experiments/define/preset";
export {type Knowledge, knowledge, type PaperItem, paperItems} from "../experiments/definitions/paper";
export {entropyBytes, sketchOverlap} from "../experiments/records/maskFacts";
export {maskOverlap} from "../experiments/records/overlap";
export {type Places, placesOf} from "../experiments/records/places";
export type {Provenance} from "../experiments/records/provenance";
export {
  type Published,
  publishedRow,
  publishedRows,
  publishedText,
  sourceText,
} from "../experiments/records/published";
export type {DivergedRecord, DoneRecord, LayerRecord, RunRecord} from "../experiments/records/record";
export {type RunSpec, specId} from "../experiments/records/specId";
export {loadRecords, type Results} from "../experiments/records/store";
export {type FindOptions, findOrRun} from "../experiments/run/findOrRun";
export {findRecords} from "../experiments/run/findRecords";
export {accuracyFigure} from "../experiments/show/accuracyFigure";
export type {ClaimRow, Standing} from "../experiments/show/claim";
export {
  type Cited,
  type ComparedRow,
  comparedColumns,
  comparedRows,
  type OtherRow,
  otherRows,
  sourceNotes,
} from "../experiments/show/compared";
export {
  type Claim,
  checkClaims,
  type Effect,
  effectRows,
  effectsOf,
  effectText,
} from "../experiments/show/effects";
export {firstMove, moveFigure, stepFigure} from "../experiments/show/moveFigure";
export {claimRows} from "../experiments/show/paperClaims";
export {type PaperRow, paperRows} from "../experiments/show/paperState";
export {
  accuracyText,
  type Found,
  type MeanRow,
  meansOverSeeds,
  type ResultRow,
  resultRow,
  sizeBytes,
} from "../experiments/show/rows";
export {signalFigure} from "../experiments/show/signalFigure";
export {sizeFigure} from "../experiments/show/sizeFigure";
export {type SpecRow, specRows} from "../experiments/show/specRows";
export {type Place, type Verdict, verdictOf} from "../experiments/show/verdict";
export {type AblationPanelOptions, ablationPanel} from "../panels/ablationPanel";
export type {Machine} from "../search/run";
export {knobNames} from "../search/settings";
