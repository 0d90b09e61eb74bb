import type {PublishedCurve} from "../define/experiment";
import type {ConvName} from "./depth";

const WHO = "Gorbett & Whitley";
/** Per cent pruned at which that group ran biprop in each network; 50 in all. */
const pruned: Readonly<Record<ConvName, readonly number[]>> = {
  conv2: [20, 40, 50, 60, 80, 90],
  conv4: [20, 40, 50, 60, 80, 90, 95],
  conv6: [20, 40, 50, 60, 80, 90, 95],
  conv8: [20, 40, 50, 60, 80, 90],
};

/** The row of data/published.json that an independent run of biprop stands in, if there is one at this share. */
export function publishedBiprop(arch: ConvName, keepFraction: number): string | undefined {
  const percent = Math.round(100 * (1 - keepFraction));
  return pruned[arch].includes(percent) ? `gorbett-biprop-${arch}-${percent}` : undefined;
}

/**
 * Every published MPT-1/32 of a network at this share: at 90 % pruned the whole number that was read off the paper's own
 * figure stands beside the independent run's.
 */
export function publishedTickets(arch: ConvName, keepFraction: number): string[] {
  const own = keepFraction === 0.1 ? [`mpt-c10-${arch}-10pct`] : [];
  return [...own, ...[publishedBiprop(arch, keepFraction) ?? []].flat()];
}

/**
 * MPT-1/32 over the share kept, as published by an independent group (250 epochs, but for 95 % pruned, whose length is
 * not said): the paper's own curves are in a figure without numbers, and at 90 % pruned these agree with it to 0.4
 * points.
 */
export function publishedDepthCurve(arch: ConvName, beside: string): PublishedCurve {
  return {
    beside,
    name: `${beside}, ${WHO}, 250 epochs`,
    places: pruned[arch].map(percent => ({
      x: (100 - percent) / 100,
      published: `gorbett-biprop-${arch}-${percent}`,
    })),
  };
}

/** The same over width, half of the weights kept. */
export function publishedWidthCurve(arch: ConvName, beside: string): PublishedCurve {
  return {
    beside,
    name: `${beside}, ${WHO}, 250 epochs`,
    places: [
      ...[0.1, 0.25, 0.5].map(x => ({x, published: `gorbett-biprop-${arch}-w${x}`})),
      {x: 1, published: `gorbett-biprop-${arch}-50`},
    ],
  };
}
