import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import sharp from "sharp";

/** Pixels of a smooth picture, RGB: it rises to the right in red and downwards in green; `blue` tells pictures apart. */
export function smoothPicture(width: number, height: number, blue: number): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      pixels[i] = Math.round((255 * x) / (width - 1));
      pixels[i + 1] = Math.round((255 * y) / (height - 1));
      pixels[i + 2] = blue;
    }
  }
  return pixels;
}

export function writeJpeg(path: string, width: number, height: number, blue: number): Promise<unknown> {
  const raw = {width, height, channels: 3} as const;
  return sharp(smoothPicture(width, height, blue), {raw})
    .jpeg({quality: 95, chromaSubsampling: "4:4:4"})
    .toFile(path);
}

/** train/ and val/ with three classes of `trainCount` and two pictures, of several sizes; class c is bluer than c − 1. */
export async function writePictureTree(folder: string, trainCount: number): Promise<void> {
  for (const [part, count] of [["train", trainCount] as const, ["val", 2] as const]) {
    for (const [label, name] of ["n01", "n02", "n03"].entries()) {
      mkdirSync(join(folder, part, name), {recursive: true});
      for (let i = 0; i < count; i++) {
        const path = join(folder, part, name, `${name}_${i}.JPEG`);
        await writeJpeg(path, 40 + 3 * i, 36 - 2 * label, 40 + 80 * label + 2 * i);
      }
    }
  }
  writeFileSync(join(folder, "train", "notes.txt"), "not a class\n");
}
