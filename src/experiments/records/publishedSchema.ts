import Ajv, {type ValidateFunction} from "ajv";

const text = {type: "string"};
const orNull = (schema: {type: string}): object => ({...schema, nullable: true});
const percent = {type: "number", minimum: 0, maximum: 100};
const count = {type: "integer", minimum: 0};
const source = {kind: text, title: text, urlOrRepo: text, note: text};
const needed = {
  id: {type: "string", minLength: 1},
  dataset: {enum: ["CIFAR-10", "CIFAR-100", "ImageNet"]},
  method: text,
  model: orNull(text),
  weightBits: orNull(count),
  activationBits: orNull(count),
  params: orNull(count),
  prunedPercent: orNull(percent),
  top1: percent,
  bn: orNull({type: "boolean"}),
  source: {type: "object", properties: source, required: Object.keys(source), additionalProperties: false},
  confidence: {enum: ["verified", "secondary", "recalled"]},
};

/** A row of data/published.json, as JSON Schema (draft 7). */
export const publishedSchema: object = {
  type: "object",
  properties: {
    ...needed,
    initialization: orNull(text),
    epochs: count,
    widthFactor: {type: "number", exclusiveMinimum: 0},
    digitised: {type: "boolean"},
    rounded: {type: "boolean"},
    derived: {type: "boolean"},
    misprint: text,
    computedTotalWeights: count,
    computedKeptWeights: count,
    corruptionAccuracy: percent,
  },
  required: Object.keys(needed),
  additionalProperties: false,
};

let compiled: ValidateFunction | undefined;

/** What is wrong with published numbers, in a few words with the row; undefined when nothing is. */
export function publishedFault(value: unknown): string | undefined {
  if (!Array.isArray(value)) return "it must be a list of rows";
  compiled ??= new Ajv().compile(publishedSchema);
  const seen = new Set<unknown>();
  for (const [i, row] of value.entries()) {
    const {id} = (row ?? {}) as {id?: unknown};
    const where = `row ${i + 1}${typeof id === "string" ? ` ("${id}")` : ""}`;
    if (!compiled(row)) {
      const [{instancePath, message, params}] = compiled.errors ?? [];
      const unknown = params.additionalProperty === undefined ? "" : `: "${params.additionalProperty}"`;
      return `${where}: ${instancePath.slice(1).replaceAll("/", ".") || "it"} ${message}${unknown}`;
    }
    if (seen.has(id)) return `${where}: another row has this id`;
    seen.add(id);
  }
  return undefined;
}
