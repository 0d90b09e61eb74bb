// multiprize/export: write tickets as models that other programs run, without TensorFlow.js.
export {UserError} from "../core/errors";
export {type OnnxOptions, onnxOf} from "../export/onnx";
export type {SignStorage} from "../export/onnxGraph";
export {pytorchOf} from "../export/pytorch";
export {tfjsOf} from "../export/tfjs";
export {readTicket} from "../ticket/file";
export type {Ticket} from "../ticket/ticket";
