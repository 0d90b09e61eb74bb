import Ajv, {type ErrorObject, type ValidateFunction} from "ajv";
import {RECORD_FORMAT} from "./record";

const text = {type: "string"};
const number = {type: "number"};
const count = {type: "integer", minimum: 0};
const share = {type: "number", minimum: 0, maximum: 1};
const percent = {type: "number", minimum: 0, maximum: 100};
const sha256 = {type: "string", pattern: "^[0-9a-f]{64}$"};
const truth = {type: "boolean"};
const orNull = (schema: {type: string}): object => ({...schema, nullable: true});

/** Every field required but the optional ones, no other allowed. */
function whole(properties: Record<string, object>, optional: Record<string, object> = {}): object {
  return {
    type: "object",
    properties: {...properties, ...optional},
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

const head = {
  format: {const: RECORD_FORMAT},
  specId: {type: "string", pattern: "^[0-9a-f]{12}$"},
  dataset: text,
  spec: {type: "object", required: ["arch", "activation", "method", "keepFraction", "epochs", "seed"]},
  data: whole({name: text, trainImages: count, testImages: count}, {files: sha256}),
  machine: {
    type: "object",
    required: ["backend", "version", "threads", "kernels", "device", "precision", "cpu", "oneDnn"],
  },
  provenance: whole({commit: text, dirty: truth, version: text, host: text, node: text}),
  finished: {type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$"},
};

const epoch = whole(
  {
    epoch: count,
    loss: number,
    trainAccuracy: percent,
    testAccuracy: percent,
    testImages: count,
    imagesPerSecond: number,
  },
  {keepFraction: share},
);

const layer = whole({
  name: text,
  weights: count,
  kept: count,
  gain: number,
  scoreStep: orNull(number),
  newInMask: orNull(share),
  sketch: orNull({type: "string"}),
});

const done = whole({
  ...head,
  outcome: {const: "done"},
  epochs: {type: "array", items: epoch},
  testAccuracy: percent,
  bestTestAccuracy: percent,
  weights: count,
  kept: count,
  layers: {type: "array", items: layer, minItems: 1},
  maskEntropyBytes: {type: "number", minimum: 0},
  masksSha256: orNull(sha256),
  scoresSha256: orNull(sha256),
  weightsSha256: sha256,
  kernelPlan: {type: "object", additionalProperties: text},
  seconds: {type: "number", minimum: 0},
});

const diverged = whole({...head, outcome: {const: "diverged"}, reason: text});

/** A line of data/results, as JSON Schema (draft 7). */
export const recordSchema: object = {
  type: "object",
  required: ["outcome"],
  discriminator: {propertyName: "outcome"},
  oneOf: [done, diverged],
};

let compiled: ValidateFunction | undefined;

/** What is wrong with a value as a record, in a few words; undefined when nothing is. */
export function recordFault(value: unknown): string | undefined {
  compiled ??= new Ajv({discriminator: true}).compile(recordSchema);
  return compiled(value) ? undefined : describe(compiled.errors ?? []);
}

function describe([first]: readonly ErrorObject[]): string {
  const {instancePath, keyword, params, message = "is not valid"} = first;
  const at = instancePath.slice(1).replaceAll("/", ".");
  const inside = (name: string): string => (at === "" ? name : `${at}.${name}`);
  if (keyword === "required") return `${inside(params.missingProperty)} is missing`;
  if (keyword === "additionalProperties") return `${inside(params.additionalProperty)} is not known`;
  if (keyword === "discriminator") return 'outcome must be "done" or "diverged"';
  return `${at || "it"} ${message}`;
}
