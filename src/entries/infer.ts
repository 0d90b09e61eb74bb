// multiprize/infer: read tickets and predict with them, without TensorFlow.js. Set-up bundles this same file for web
// pages as dist/infer/browser.mjs; there the few modules that need files or Node's threads give way to their twins,
// which end in .browser.ts.
export {UserError} from "../core/errors";
export {type Classification, type ClassifyOptions, classify} from "../infer/classify";
export {createInference, type Engine, type Inference, type InferenceOptions} from "../infer/inference";
export {inferenceOf} from "../infer/inferenceOf";
export type {BinaryLayer, BinaryNetwork, ChannelAffine} from "../infer/network";
export {inputOf, type Sees} from "../infer/pictures/inputOf";
export type {Drawable, Picture, PictureOptions, Pixels, Values} from "../infer/pictures/picture";
export {inferencePool} from "../infer/threads/inferencePool";
export type {InferencePool, PoolFiles} from "../infer/threads/pool";
export type {BatchNormMode} from "../network/batchNormMode";
export type {Activation} from "../network/operations";
export {atKeepFraction} from "../ticket/atKeepFraction";
export {decodeTicket} from "../ticket/decode";
export {encodeTicket} from "../ticket/encode";
export {readTicket, readTicketBytes, writeTicket} from "../ticket/file";
export {type LayerSizes, type TicketSizes, ticketSizes} from "../ticket/sizes";
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
} from "../ticket/ticket";
export {TicketError} from "../ticket/ticketError";
export {type TicketRow, ticketRow} from "../ticket/ticketRow";
