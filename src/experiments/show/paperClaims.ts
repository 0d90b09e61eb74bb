import {mean} from "../../core/statistics";
import {architectures} from "../../network/architectures";
import {signed} from "../../report/numbers";
import {measuringPresets} from "../define/preset";
import {convNames} from "../definitions/depth";
import {publishedRow, publishedText} from "../records/published";
import type {RunRecord} from "../records/record";
import {type Claim, type ClaimRow, cellsText, standingOf, type Told} from "./claim";
import {epochsLacking} from "./denseBudget";
import {bestPlace, type PresetRecords, placeAt, presetRecords} from "./presetRecords";
import {
  publishedBatchNorm,
  publishedGaps,
  publishedPlaces,
  publishedSteps,
  publishedWidths,
} from "./publishedClaims";
import type {MeanRow} from "./rows";

/** Every claim of abstract and sections with what is recorded of it, each at the longest preset that bears on it. */
export function claimRows(records: readonly RunRecord[]): ClaimRow[] {
  return claims().map(({claim, where, published, tell}) => {
    const {measured, ours, standing, why} = toldAtLongest(tell, records) ?? notRun;
    return {claim, where, measured, ours, published, standing, why};
  });
}

const notRun: Told = {
  measured: "",
  ours: "",
  standing: "not run",
  why: "no cell that bears on it is recorded",
};

function toldAtLongest(tell: Claim["tell"], records: readonly RunRecord[]): Told | undefined {
  for (const preset of measuringPresets) {
    const told = tell(experiment => presetRecords(experiment, preset, records));
    if (told) return told;
  }
  return undefined;
}

function claims(): Claim[] {
  return [
    ...searches.map(comparable),
    ...searches.map(deeper),
    wider(),
    binaryActivations(),
    learnedBatchNorm(),
    number("cifar10", "ResNet-18", "MPT-1/32 +BN", "mpt-abs-c10-1-32", "MPT-1/32 on CIFAR-10"),
    number("imagenet", "WideResNet-50", "MPT-1/32 +BN", "mpt-abs-in-1-32", "MPT-1/32 on ImageNet"),
    number("cifar10-binary", "VGG-Small 1.25×", "MPT-1/1 +BN", "mpt-abs-c10-1-1", "MPT-1/1 on CIFAR-10"),
  ];
}

/** Where tickets of Conv2 … Conv8 over k are recorded: by the reference's recipe, and by the one for short searches. */
const searches = [
  {experiment: "depth", by: ""},
  {experiment: "depth-brisk", by: ", by the brisk recipe"},
] as const;

/** Points that "comparable" leaves. */
const COMPARABLE = 1;

/** Conv2 … Conv8 as the curves of the experiments name them. */
const nets = convNames.map(arch => architectures[arch].title);

/** Prize 1. */
function comparable({experiment, by}: (typeof searches)[number]): Claim {
  return {
    claim: `a ticket is as accurate as the trained dense network (prize 1)${by}`,
    where: "abstract; section 3.1",
    published: publishedGaps(),
    tell: at => {
      const depth = at("depth");
      const tickets = at(experiment);
      const gaps = nets.flatMap(net => {
        const [ticket, dense] = [bestPlace(tickets, net), bestPlace(depth, `${net} dense`)];
        if (ticket === undefined || dense === undefined) return [];
        const lacking = epochsLacking(ticket, dense);
        return [{net, points: ticket.mean! - dense.mean!, k: ticket.x, lacking}];
      });
      if (gaps.length === 0) return undefined;
      const told = gaps.filter(({lacking}) => lacking === undefined);
      const hold = told.filter(({points}) => points >= -COMPARABLE).length;
      const seen = `best ticket less dense network, in points, both after ${depth.epochs} epochs, k chosen by the test set`;
      const meant = Math.max(...gaps.flatMap(({lacking}) => lacking ?? []));
      return {
        measured: cellsText(depth, 2 * gaps.length),
        ours: gaps.map(({net, points, k}) => `${net} ${signed(points)} (k ${k})`).join(", "),
        ...(told.length === 0
          ? {
              standing: "not decided at this budget",
              why: `${seen}; the dense network's rate is made for ${meant} epochs, so this decides nothing`,
            }
          : {standing: standingOf(hold, told.length), why: `${seen}; comparable is within ${COMPARABLE}`}),
      };
    },
  };
}

type Pair = readonly [MeanRow | undefined, MeanRow | undefined];

/** In how many pairs, of those that were run, the first is more accurate. */
function tellPairs(from: PresetRecords, pairs: readonly Pair[], why: string): Told | undefined {
  const told = pairs.flatMap(([a, b]) => (a && b ? [[a, b] as const] : []));
  if (told.length === 0) return undefined;
  const points = told.map(([a, b]) => a.mean! - b.mean!);
  const hold = points.filter(each => each > 0).length;
  return {
    measured: cellsText(from, new Set(told.flat().map(row => row.label)).size),
    ours: `${hold} of ${told.length} pairs, mean ${signed(mean(points))} points`,
    standing: standingOf(hold, told.length),
    why,
  };
}

function deeper({experiment, by}: (typeof searches)[number]): Claim {
  const shares = [0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8];
  const steps = convNames
    .slice(1)
    .flatMap((arch, i) => publishedPlaces.map(place => [`${arch}-${place}`, `${convNames[i]}-${place}`]));
  return {
    claim: `the deeper the network, the better its ticket${by}`,
    where: "abstract; section 3.1",
    published: publishedSteps(steps),
    tell: at => {
      const depth = at(experiment);
      const pairs = nets
        .slice(1)
        .flatMap((net, i) => shares.map((k): Pair => [placeAt(depth, net, k), placeAt(depth, nets[i], k)]));
      return tellPairs(depth, pairs, "each network against the next shallower one at the same share kept");
    },
  };
}

function wider(): Claim {
  const curves = nets.flatMap(net => [`${net} 1/32`, `${net} 1/1`]);
  const widths = [0.25, 0.5, 1, 1.5, 2];
  const steps = convNames.flatMap(arch =>
    publishedWidths.slice(1).map((place, i) => [`${arch}-${place}`, `${arch}-${publishedWidths[i]}`]),
  );
  return {
    claim: "the wider the network, the better its ticket",
    where: "abstract; section 3.1",
    published: publishedSteps(steps),
    tell: at => {
      const width = at("width");
      const pairs = curves.flatMap(curve =>
        widths.slice(1).map((x, i): Pair => [placeAt(width, curve, x), placeAt(width, curve, widths[i])]),
      );
      return tellPairs(width, pairs, "each width against the next smaller one, half of the weights kept");
    },
  };
}

/** Prize 3. */
function binaryActivations(): Claim {
  const shares = [0.1, 0.2, 0.5, 0.8];
  return {
    claim: "tickets survive binary activations too (prize 3)",
    where: "abstract; section 3.1",
    published: "no curve of MPT-1/1 is at hand in numbers",
    tell: at => {
      const [binary, real] = [at("depth-binary"), at("depth")];
      const run = binary.means.filter(({curve, x}) => nets.includes(curve) && shares.includes(Number(x)));
      const learned = run.filter(row => row.leftChance);
      const gaps = learned.flatMap(({curve, x, mean: one}) => {
        const other = placeAt(real, curve, x);
        return other ? [one! - other.mean!] : [];
      });
      if (gaps.length === 0) return undefined;
      const [least, most] = [Math.min, Math.max].map(of => of(...learned.map(row => row.mean!)).toFixed(1));
      return {
        measured: cellsText(binary, run.length),
        ours: `1/1 from ${least} to ${most} %; against 1/32 at the same k ${signed(Math.min(...gaps))} to ${signed(Math.max(...gaps))} points`,
        standing: standingOf(learned.length, run.length),
        why: `${learned.length} of ${run.length} such cells left chance; batch norm before each sign keeps its search moving`,
      };
    },
  };
}

function learnedBatchNorm(): Claim {
  return {
    claim: "learning batch norm (+BN) makes a ticket better",
    where: "section 3.2",
    published: publishedBatchNorm(),
    tell: at => {
      const from = at("batch-norm");
      const curves = [...new Set(from.means.map(row => row.curve))];
      const pairs = curves.map(
        (curve): Pair => [placeAt(from, curve, "learned (+BN)"), placeAt(from, curve, "fixed")],
      );
      return tellPairs(from, pairs, "learned against fixed scale and shift, else the same search");
    },
  };
}

/** A number of the abstract beside the same network of ours. */
function number(experiment: string, curve: string, x: string, id: string, what: string): Claim {
  const row = publishedRow(id);
  const published = `${publishedText(row)} %`;
  return {
    claim: `${what}: ${published}`,
    where: "abstract; section 3.2",
    published,
    tell: at => {
      const from = at(experiment);
      const ours = placeAt(from, curve, x);
      if (ours === undefined) return undefined;
      return {
        measured: cellsText(from, 1),
        ours: `${ours.mean!.toFixed(1)} %`,
        standing: ours.mean! >= row.top1 - COMPARABLE ? "holds" : "not reached",
        why: `${curve}, ${x}; ${signed(ours.mean! - row.top1)} points after ${from.epochs} epochs`,
      };
    },
  };
}
