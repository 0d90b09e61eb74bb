import {UserError} from "../../core/errors";
import {checkTiffColours} from "../../data/tiffColours";
import {readRegularFileLater} from "../../system/regularFile";
import {drawnPixels} from "./canvas";
import type {Drawable, Pixels} from "./picture";

/** The pixels of a picture file, or of a canvas, upright, colours as the file has them. */
export async function pixelsOf(picture: string | Blob | Drawable): Promise<Pixels> {
  if (typeof picture !== "string" && !(picture instanceof Blob)) return drawnPixels(picture);
  const name = typeof picture === "string" ? picture : "the file";
  const sharp = await sharpModule();
  try {
    const bytes =
      typeof picture === "string"
        ? await readRegularFileLater(picture)
        : new Uint8Array(await (picture as Blob).arrayBuffer());
    checkTiffColours(bytes);
    const reading = {ignoreIcc: true, failOn: "error"} as const;
    const {space} = await sharp(bytes, reading).metadata();
    if (space === "cmyk") throw new Error("it holds inks (CMYK): save it as RGB");
    const pipeline = sharp(bytes, reading).rotate().toColourspace("srgb").ensureAlpha().raw({depth: "uchar"});
    const {data, info} = await pipeline.toBuffer({resolveWithObject: true});
    return {width: info.width, height: info.height, data: new Uint8Array(data)};
  } catch (error) {
    throw new UserError(`cannot read the picture ${name}: ${(error as Error).message.split("\n")[0]}`);
  }
}

async function sharpModule(): Promise<typeof import("sharp").default> {
  try {
    return (await import("sharp")).default;
  } catch {
    throw new UserError("reading a picture file needs the package sharp: npm install sharp");
  }
}
