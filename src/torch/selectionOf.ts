import {checkKeepFraction, keepCount, topKMask} from "../core/mask";
import {smallestKept} from "../core/select";
import {CheckpointError} from "./checkpointError";
import type {PickleMap} from "./pickleValues";

/** How the reference makes a mask of scores at every forward pass. */
export interface Selection {
  readonly kind: "layerwise" | "global";
  readonly keepFraction: number;
}

/** What is said of the selection, and is taken where the file does not say it, or instead of what it says. */
export interface SelectionOptions {
  readonly keepFraction?: number;
  readonly selection?: "layerwise" | "global";
  /** Called with what an importer should know of the file. */
  readonly onNotice?: (text: string) => void;
}

/**
 * The classes of layers whose mask is a selection of the largest scores. Source: chrundle/biprop f709fc5,
 * utils/conv_type.py.
 */
const selections: Readonly<Record<string, Selection["kind"]>> = {
  SubnetConv: "layerwise",
  GlobalSubnetConv: "global",
};

/** Those whose mask is none, and what it is: no ticket computes what they do. */
const others: Readonly<Record<string, string>> = {
  SampleSubnetConv:
    "its masks are drawn at every forward pass, each weight with the probability sigmoid(score), and its weights are real",
  FixedSubnetConv: "its scores are a mask drawn at the start and never searched, and its weights are real",
  DenseConv: "it has no masks",
};

/** The selection that `conv_type` and `prune_rate` of the file name; a rule that is no selection is refused. */
export function selectionOf(root: PickleMap, options: SelectionOptions): Selection {
  const {onNotice = () => {}} = options;
  const type = root.get("conv_type");
  const rate = root.get("prune_rate");
  if (typeof type === "string" && Object.hasOwn(others, type))
    throw new CheckpointError(
      `its layers are of the conv_type ${type}: ${others[type]}, so it holds no ticket`,
    );
  const said = typeof type === "string" && Object.hasOwn(selections, type) ? selections[type] : undefined;
  if (typeof type === "string" && said === undefined && options.selection === undefined) {
    throw new CheckpointError(
      `its layers are of the conv_type ${JSON.stringify(type.slice(0, 60))}, whose rule is not known here; where its masks ` +
        "are the largest scores of a layer or of all layers, say so: --selection layerwise|global",
    );
  }
  const kind = options.selection ?? said ?? "layerwise";
  if (said !== undefined && kind !== said)
    onNotice(`it names the selection ${said}; ${kind} is taken, as given`);
  const {keepFraction = typeof rate === "number" ? rate : undefined} = options;
  if (keepFraction === undefined)
    throw new CheckpointError("it does not say what share of the weights it keeps: give it, --keep SHARE");
  checkKeepFraction(keepFraction);
  if (typeof rate === "number" && rate !== keepFraction)
    onNotice(`it names ${rate} as the share kept; ${keepFraction} is taken, as given`);
  return {kind, keepFraction};
}

/**
 * The masks of layers. Layerwise, `keepCount` of each; where scores tie at that boundary PyTorch's choice is not in the
 * file, the first are taken, and it is said. Globally, all that tie with the threshold are pruned, as in the reference.
 */
export function masksOf(
  layers: readonly {readonly name: string; readonly scores: Float32Array}[],
  {kind, keepFraction}: Selection,
  onNotice: (text: string) => void = () => {},
): Uint8Array[] {
  for (const {name, scores} of layers) refuseUnsearched(name, scores);
  if (kind === "global") {
    const all = layers.map(({scores}) => scores);
    const total = all.reduce((sum, {length}) => sum + length, 0);
    const kept = keepCount(total, keepFraction);
    const threshold = kept === total ? -1 : smallestKept(all, kept + 1).value;
    return all.map(scores => Uint8Array.from(scores, score => (Math.abs(score) > threshold ? 1 : 0)));
  }
  const ties = layers.flatMap(({name, scores}) => {
    const {value, ties: kept} = smallestKept([scores], keepCount(scores.length, keepFraction));
    const equal = scores.reduce((count, score) => count + (Math.abs(score) === value ? 1 : 0), 0);
    return equal > kept ? [`${kept} of ${equal} in ${name}`] : [];
  });
  if (ties.length > 0) {
    onNotice(
      `scores tie where the mask ends, and PyTorch's choice among them is not in the file; the first were kept: ${ties.join(", ")}`,
    );
  }
  return layers.map(({scores}) => topKMask(scores, keepFraction));
}

/** Scores that order nothing were never searched: all equal, or the 0 and 1 of a mask drawn before. */
function refuseUnsearched(name: string, scores: Float32Array): void {
  const distinct = new Set<number>();
  for (const score of scores) {
    distinct.add(Math.abs(score));
    if (distinct.size > 2) return;
  }
  // NaN is refused by the selection itself.
  if (scores.length <= 2 || distinct.has(Number.NaN)) return;
  if (distinct.size === 1)
    throw new CheckpointError(
      `the scores of layer ${name} are all ${[...distinct][0]}: nothing was searched`,
    );
  if (distinct.has(0) && distinct.has(1))
    throw new CheckpointError(
      `the scores of layer ${name} are a mask of 0 and 1, as FixedSubnetConv's: nothing was searched`,
    );
}
