import type {Agreement} from "../evaluate/agreement";
import {counted, formatNumber} from "../report/numbers";

/** How far two engines agree, in lines. */
export function agreementText(agreement: Agreement): string {
  const {engine, against, images, identical, sameClass, largestDifference, apart, agrees} = agreement;
  const near = images - apart.length;
  const lines = [
    `${engine} against ${against}: ${agrees ? "they agree" : "THEY DO NOT AGREE"}`,
    `  same class: ${sameClass} of ${counted(images, "image")}`,
    `  same logits to the last bit: ${identical}; within ${largestDifference.toExponential(1)} of the largest: ${near}`,
  ];
  for (const {image, difference, signs} of apart) {
    const why = signs
      ? `${counted(signs.count, "sign")} taken otherwise, at most ${signs.largest.toExponential(1)} of the layer's rms from where signs change`
      : "no sign explains it";
    lines.push(`  image ${formatNumber(image)}: ${difference.toExponential(1)} apart, ${why}`);
  }
  return lines.join("\n");
}
