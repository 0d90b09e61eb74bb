import {architectures} from "../../network/architectures";
import {signed} from "../../report/numbers";
import {convNames} from "../definitions/depth";
import {publishedRow} from "../records/published";

/** Per cent pruned, and widths, as ids of independent runs end; half pruned is the whole width. */
export const publishedPlaces = ["20", "40", "50", "60", "80", "90"] as const;
export const publishedWidths = ["w0.1", "w0.25", "w0.5", "50"] as const;

function top1(id: string): number {
  return publishedRow(id).top1;
}

/** Best independent ticket of each network less that group's dense network. */
export function publishedGaps(): string {
  const gaps = convNames.map(arch => {
    const ticket = Math.max(...publishedPlaces.map(place => top1(`gorbett-biprop-${arch}-${place}`)));
    return `${architectures[arch].title} ${signed(ticket - top1(`gorbett-dense-${arch}`))}`;
  });
  return `independent runs, 250 epochs against dense ones of 100: ${gaps.join(", ")}`;
}

/** In how many pairs of independent runs the first is better. */
export function publishedSteps(pairs: readonly (readonly string[])[]): string {
  const hold = pairs.filter(([a, b]) => top1(`gorbett-biprop-${a}`) > top1(`gorbett-biprop-${b}`));
  return `independent runs: ${hold.length} of ${pairs.length} pairs`;
}

/** What +BN brought the authors. */
export function publishedBatchNorm(): string {
  const ids = {
    "ResNet-18 1/32": "mpt-c10-resnet18-1-32",
    "VGG-Small 1.25× 1/1": "mpt-c10-vggsmall125-1-1",
    "WRN-50 1/32": "mpt-in-wrn50-1-32",
    "WRN-34 1/1": "mpt-in-wrn34-1-1",
  };
  const gaps = Object.entries(ids).map(([name, id]) => `${name} ${signed(top1(`${id}-bn`) - top1(id))}`);
  return `authors' README: ${gaps.join(", ")}`;
}
