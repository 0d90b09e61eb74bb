/** Advance widths of Helvetica for the characters 32 to 126, in thousandths of the font size. */
const advance = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Wider fonts than Helvetica may be what a machine has (DejaVu Sans: about a tenth). */
const slack = 1.08;

/** Width of a line of text in pixels, without any font at hand; characters outside ASCII count as a digit. */
export function textWidth(text: string, fontSize: number): number {
  let thousandths = 0;
  for (const character of text) thousandths += advance[character.codePointAt(0)! - 32] ?? 556;
  return (slack * thousandths * fontSize) / 1000;
}
