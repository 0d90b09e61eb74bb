import {architectures} from "../../network/architectures";
import {signed} from "../../report/numbers";
import {convNames} from "../definitions/depth";
import {publishedRow, publishedText} from "../records/published";
import type {RunRecord} from "../records/record";
import {bestPlace, type LongestRecords, longestRecords, placeAt} from "./longestRecords";
import {
  publishedBatchNorm,
  publishedGaps,
  publishedPlaces,
  publishedSteps,
  publishedWidths,
} from "./publishedClaims";
import type {MeanRow} from "./rows";

/** What our records say of a claim of the paper. */
export type Standing = "holds" | "holds in part" | "does not hold" | "not reached" | "not run";

/** A claim of the paper, the cells that bear on it, ours beside the published. */
export interface ClaimRow {
  readonly claim: string;
  readonly where: string;
  /** Which records: preset, and how many cells bear on the claim. */
  readonly measured: string;
  readonly ours: string;
  readonly published: string;
  readonly standing: Standing;
  readonly why: string;
}

/** Points that "comparable" leaves. */
const COMPARABLE = 1;

/** Every claim of abstract and sections with what is recorded of it, always at the longest preset that has a record. */
export function claimRows(records: readonly RunRecord[]): ClaimRow[] {
  const depth = longestRecords("depth", records);
  return [
    comparable(depth),
    deeper(depth),
    wider(longestRecords("width", records)),
    binaryActivations(longestRecords("depth-binary", records), depth),
    learnedBatchNorm(longestRecords("batch-norm", records)),
    number(
      longestRecords("cifar10", records),
      "ResNet-18",
      "MPT-1/32 +BN",
      "mpt-abs-c10-1-32",
      "MPT-1/32 on CIFAR-10",
    ),
    number(
      longestRecords("imagenet", records),
      "WideResNet-50",
      "MPT-1/32 +BN",
      "mpt-abs-in-1-32",
      "MPT-1/32 on ImageNet",
    ),
    number(
      longestRecords("cifar10-binary", records),
      "VGG-Small 1.25×",
      "MPT-1/1 +BN",
      "mpt-abs-c10-1-1",
      "MPT-1/1 on CIFAR-10",
    ),
  ];
}

const notRun = {
  measured: "",
  ours: "",
  published: "",
  standing: "not run",
  why: "no cell that bears on it is recorded",
} as const;

function measured({preset, epochs}: LongestRecords, cells: number): string {
  return `${preset}, ${epochs} epochs: ${cells} cells`;
}

function standingOf(hold: number, of: number): Standing {
  return hold === of ? "holds" : hold === 0 ? "does not hold" : "holds in part";
}

/** Conv2 … Conv8 as the curves of the experiments name them. */
const nets = convNames.map(arch => architectures[arch].title);

/** Prize 1. */
function comparable(depth: LongestRecords | undefined): ClaimRow {
  const claim = "a ticket is as accurate as the trained dense network (prize 1)";
  const where = "abstract; section 3.1";
  const gaps = nets.flatMap(net => {
    const [ticket, dense] = [
      bestPlace(depth?.means ?? [], net),
      bestPlace(depth?.means ?? [], `${net} dense`),
    ];
    return ticket && dense ? [{net, points: ticket.mean! - dense.mean!, k: ticket.x}] : [];
  });
  if (depth === undefined || gaps.length === 0) return {claim, where, ...notRun};
  const hold = gaps.filter(({points}) => points >= -COMPARABLE).length;
  return {
    claim,
    where,
    measured: measured(depth, 2 * gaps.length),
    ours: gaps.map(({net, points, k}) => `${net} ${signed(points)} (k ${k})`).join(", "),
    published: publishedGaps(),
    standing: standingOf(hold, gaps.length),
    why: `best ticket less dense network, in points, both after ${depth.epochs} epochs; comparable is within ${COMPARABLE}`,
  };
}

function pairsRow(
  text: Pick<ClaimRow, "claim" | "where" | "published">,
  from: LongestRecords | undefined,
  pairs: readonly (readonly [MeanRow | undefined, MeanRow | undefined])[],
  why: string,
): ClaimRow {
  const told = pairs.flatMap(([a, b]) => (a && b ? [a.mean! - b.mean!] : []));
  if (from === undefined || told.length === 0) return {...text, ...notRun, published: text.published};
  const hold = told.filter(points => points > 0).length;
  return {
    ...text,
    measured: measured(from, new Set(pairs.flatMap(([a, b]) => (a && b ? [a.label, b.label] : []))).size),
    ours: `${hold} of ${told.length} pairs, mean ${signed(told.reduce((sum, points) => sum + points, 0) / told.length)} points`,
    standing: standingOf(hold, told.length),
    why,
  };
}

function deeper(depth: LongestRecords | undefined): ClaimRow {
  const shares = [0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8];
  const pairs = nets
    .slice(1)
    .flatMap((net, i) => shares.map(k => [placeAt(depth, net, k), placeAt(depth, nets[i], k)] as const));
  return pairsRow(
    {
      claim: "the deeper the network, the better its ticket",
      where: "abstract; section 3.1",
      published: publishedSteps(
        convNames
          .slice(1)
          .flatMap((arch, i) =>
            publishedPlaces.map(place => [`${arch}-${place}`, `${convNames[i]}-${place}`]),
          ),
      ),
    },
    depth,
    pairs,
    "each network against the next shallower one at the same share kept",
  );
}

function wider(width: LongestRecords | undefined): ClaimRow {
  const curves = nets.flatMap(net => [`${net} 1/32`, `${net} 1/1`]);
  const steps = [0.25, 0.5, 1, 1.5, 2];
  const pairs = curves.flatMap(curve =>
    steps.slice(1).map((x, i) => [placeAt(width, curve, x), placeAt(width, curve, steps[i])] as const),
  );
  return pairsRow(
    {
      claim: "the wider the network, the better its ticket",
      where: "abstract; section 3.1",
      published: publishedSteps(
        convNames.flatMap(arch =>
          publishedWidths.slice(1).map((place, i) => [`${arch}-${place}`, `${arch}-${publishedWidths[i]}`]),
        ),
      ),
    },
    width,
    pairs,
    "each width against the next smaller one, half of the weights kept",
  );
}

/** Prize 3. */
function binaryActivations(binary: LongestRecords | undefined, real: LongestRecords | undefined): ClaimRow {
  const same = binary !== undefined && real?.preset === binary.preset;
  const shares = [0.1, 0.2, 0.5, 0.8];
  const gaps = same
    ? nets.flatMap(net =>
        shares.flatMap(k => {
          const [one, other] = [placeAt(binary, net, k), placeAt(real, net, k)];
          return one && other ? [one.mean! - other.mean!] : [];
        }),
      )
    : [];
  const text = {
    claim: "tickets survive binary activations too (prize 3)",
    where: "abstract; section 3.1",
    published: "no curve of MPT-1/1 is at hand in numbers",
  };
  if (!same || gaps.length === 0) return {...text, ...notRun, published: text.published};
  const learned = nets.flatMap(net => shares.flatMap(k => placeAt(binary, net, k) ?? []));
  return {
    ...text,
    measured: measured(binary, learned.length),
    ours: `1/1 from ${Math.min(...learned.map(row => row.mean!)).toFixed(1)} to ${Math.max(...learned.map(row => row.mean!)).toFixed(1)} %; against 1/32 at the same k ${signed(Math.min(...gaps))} to ${signed(Math.max(...gaps))} points`,
    standing: "holds",
    why: "every such cell that is recorded left chance; batch norm before each sign keeps its search moving",
  };
}

function learnedBatchNorm(from: LongestRecords | undefined): ClaimRow {
  const curves = [...new Set(from?.means.map(row => row.curve) ?? [])];
  return pairsRow(
    {
      claim: "learning batch norm (+BN) makes a ticket better",
      where: "section 3.2",
      published: publishedBatchNorm(),
    },
    from,
    curves.map(curve => [placeAt(from, curve, "learned (+BN)"), placeAt(from, curve, "fixed")] as const),
    "learned against fixed scale and shift, else the same search",
  );
}

/** A number of the abstract beside the same network of ours. */
function number(
  from: LongestRecords | undefined,
  curve: string,
  x: string,
  id: string,
  what: string,
): ClaimRow {
  const row = publishedRow(id);
  const claim = `${what}: ${publishedText(row)} %`;
  const where = "abstract; section 3.2";
  const ours = placeAt(from, curve, x);
  if (from === undefined || ours === undefined)
    return {claim, where, ...notRun, published: publishedText(row)};
  return {
    claim,
    where,
    measured: measured(from, 1),
    ours: `${ours.mean!.toFixed(1)} %`,
    published: `${publishedText(row)} %`,
    standing: ours.mean! >= row.top1 - COMPARABLE ? "holds" : "not reached",
    why: `${curve}, ${x}; ${signed(ours.mean! - row.top1)} points after ${from.epochs} epochs`,
  };
}
